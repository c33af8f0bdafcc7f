// The page's strings, and numbers, prices and dates as the language writes them.
let language = "en";
let strings = {};
let plural = new Intl.PluralRules("en");

export function speak(name, texts) {
  language = name;
  strings = texts;
  plural = new Intl.PluralRules(name);
  document.documentElement.lang = name;
}

export const spoken = () => language;

// The text of a key; {name} is replaced by what `values` gives. With a count the plural form that fits.
export function t(key, values = {}) {
  const found = strings[key] ?? key;
  const text = typeof found === "string" ? found : (found[plural.select(values.count)] ?? found.other);
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

export const has = (key) => key in strings;

export const number = (value, digits = 2) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

// Stars with one decimal, always: 4.0 beside 4.3.
export const stars = (value) => new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

export function money(amount, currency) {
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(amount);
  } catch {
    return `${number(amount)} ${currency}`; // a currency code that is none
  }
}

export function price(card) {
  if (card.price === null) return t("price.none");
  const low = money(card.price, card.currency);
  if (card.priceMax === null || card.priceMax <= card.price) return low;
  return t("price.range", { low, high: money(card.priceMax, card.currency) });
}

export const share = (value) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(value);

export function when(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, today ? { timeStyle: "short" } : { dateStyle: "medium" }).format(date);
}

// A fact's value with its unit; texts stay as the shop wrote them.
export function fact(value, unit) {
  if (value === null || value === undefined) return t("fact.unknown");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (Array.isArray(value)) return value.join(", ");
  const text = typeof value === "number" ? number(value, 4) : value;
  return unit ? `${text} ${unit}` : text;
}

export const titled = (name) => name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
