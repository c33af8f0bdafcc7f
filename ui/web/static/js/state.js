// What the page knows, and who wants to hear when it changes. The truth about a shopper is on the server.
export const state = {
  shop: { features: {} },
  conversation: null,
  conversations: [],
  turns: [],          // of this conversation: { said, text, cards, …, state: "waiting" | "done" | "failed" | "stopped" }
  shown: null,        // the turn whose products are on the shelf; null: the start
  start: { kinds: [], popular: [], picks: [], openers: [] },
  marks: { saved: [], unwanted: [], compared: [] },
  inCart: 0,
  busy: null,         // the AbortController of the answer under way
};

const hearers = new Map();

export function on(topic, hear) {
  hearers.set(topic, [...(hearers.get(topic) ?? []), hear]);
}

export function changed(...topics) {
  for (const topic of topics) for (const hear of hearers.get(topic) ?? []) hear();
}

export const isMarked = (kind, id) => state.marks[kind].includes(id);

// The last turn that showed products: what "the second one" points into.
export const listed = () => state.turns.findLast((turn) => turn.cards?.length > 0) ?? null;
