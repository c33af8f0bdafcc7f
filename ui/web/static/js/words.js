// A reply's text as nodes: names of products link to their cards, quotes, prices and numbers stand out.
import { h } from "./dom.js";

const STANDS_OUT = /(“[^”]+”|„[^“]+“)|([$€£¥]\s?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*\s?(?:[$€£¥]|USD|EUR|GBP|CHF)|\b\d+(?:[.,]\d+)*\b)/g;

export function formatted(text, cards, open) {
  const paragraphs = text.split(/\n+/).filter((line) => line.trim());
  return paragraphs.map((line) => h("p", {}, linked(line, cards, open)));
}

function linked(text, cards, open) {
  const byLength = [...cards].sort((a, b) => b.title.length - a.title.length);
  let nodes = [text];
  for (const card of byLength) {
    nodes = nodes.flatMap((node) => (typeof node === "string" ? split(node, card, open) : [node]));
  }
  return nodes.flatMap((node) => (typeof node === "string" ? emphasised(node) : [node]));
}

function split(text, card, open) {
  const parts = text.split(card.title);
  return parts.flatMap((part, at) => {
    const before = at ? [link(card, open)] : [];
    return part ? [...before, part] : before;
  });
}

// A link, as only a link breaks across lines.
const link = (card, open) => h("a", { class: "mention", href: "#goods", onclick: (event) => { event.preventDefault(); open(card); } }, card.title);

function emphasised(text) {
  const nodes = [];
  let last = 0;
  for (const found of text.matchAll(STANDS_OUT)) {
    nodes.push(text.slice(last, found.index));
    nodes.push(found[1] ? h("q", {}, found[1].slice(1, -1)) : h("strong", {}, found[0]));
    last = found.index + found[0].length;
  }
  nodes.push(text.slice(last));
  return nodes.filter((node) => node !== "");
}
