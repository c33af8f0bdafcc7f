// What a choice of a product's options costs, and whether the shop has it: of its variants, else of the product.
const fits = (variant, chosen) => Object.entries(chosen).every(([name, value]) => (variant.options[name] ?? value) === value);

const fitting = (variants, chosen) => variants.filter((variant) => fits(variant, chosen));

// How many there are; null where the shop does not count them.
export function stockWith({ variants, card }, chosen) {
  if (!variants.length || !Object.keys(chosen).length) return card.stock;
  const counts = fitting(variants, chosen).map((variant) => variant.stock);
  return counts.includes(null) ? null : counts.reduce((sum, count) => sum + count, 0);
}

// The card as the choice makes it: its price or range of prices, and its stock.
export function cardWith(told, chosen) {
  const prices = fitting(told.variants, chosen).map((variant) => variant.price).filter((price) => price !== null);
  const stock = stockWith(told, chosen);
  if (!prices.length || !Object.keys(chosen).length) return { ...told.card, stock };
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  return { ...told.card, stock, price: low, priceMax: high, regularPrice: low === told.card.price ? told.card.regularPrice : null };
}

// Whether a value is sold out beside what else is chosen.
export const isGone = (told, chosen, name, value) => told.variants.length > 0 && stockWith(told, { ...chosen, [name]: value }) === 0;
