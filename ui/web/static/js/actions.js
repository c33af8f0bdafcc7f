// What a shopper can do with a product; the server keeps it, and the page shows what the server says.
import { get, post, Ended, Offline } from "./api.js";
import { toast, banner, ended } from "./notices.js";
import { t } from "./i18n.js";
import { changed, isMarked, state } from "./state.js";

const others = "BroadcastChannel" in window ? new BroadcastChannel("aisle") : null;
others?.addEventListener("message", () => refresh());

// Runs what speaks to the server; says plainly what went wrong. Null where it did.
export async function attempt(task) {
  try {
    const result = await task();
    banner(null);
    return result;
  } catch (error) {
    if (error instanceof Ended) ended();
    else if (error instanceof Offline) banner(t("state.offline"));
    else toast(t("state.failed"));
    return null;
  }
}

export async function setMark(kind, id, on = !isMarked(kind, id)) {
  const body = { item: id, mark: kind, on, conversation: state.conversation };
  const told = await attempt(() => post("mark", body));
  if (!told) return false;
  state.marks = told.marks;
  changed("marks");
  others?.postMessage("marks");
  return true;
}

export async function save(card) {
  const on = !isMarked("saved", card.id);
  if (await setMark("saved", card.id, on)) toast(t(on ? "saved.added" : "saved.removed", { title: card.title }));
}

export async function compare(card) {
  const on = !isMarked("compared", card.id);
  if (on && state.marks.compared.length >= 4) {
    toast(t("compare.full"));
    return;
  }
  if (await setMark("compared", card.id, on)) toast(t(on ? "compare.added" : "compare.removed", { title: card.title }));
}

export async function refuse(card) {
  if (!(await setMark("unwanted", card.id, true))) return;
  toast(t("unwanted.added", { title: card.title }), t("undo"), () => setMark("unwanted", card.id, false));
}

// Null where it did not work, else the cart as it is now. Where there is not that much of it, the shopper is told.
export async function putInCart(id, quantity, { add = true, options = {} } = {}) {
  const cart = await attempt(() => post("cart", { item: id, quantity, add, options }));
  if (!cart) return null;
  state.inCart = cart.count;
  changed("cart");
  others?.postMessage("cart");
  if (cart.left === null) return cart;
  toast(cart.left ? t("cart.short", { count: cart.left }) : t("cart.gone"));
  return null;
}

// Another tab or device may have changed what is the shopper's.
export async function refresh() {
  const own = await attempt(() => get("own"));
  if (!own) return;
  state.marks = own.marks;
  state.inCart = own.inCart;
  state.conversations = own.conversations;
  changed("marks", "cart", "conversations");
}
