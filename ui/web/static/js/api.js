// The page's only way to the server: its own host, JSON both ways, answers streamed as events.
export class Ended extends Error {}
export class Offline extends Error {}
export class Refused extends Error {
  constructor(status) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(`/api/${path}`, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Offline();
  }
  if (response.status === 403) throw new Ended();
  if (!response.ok) throw new Refused(response.status);
  return response;
}

const json = (body, signal) => ({
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
});

export async function get(path, query = {}) {
  const search = new URLSearchParams(query).toString();
  return (await request(search ? `${path}?${search}` : path)).json();
}

export async function sound(path, query) {
  return (await request(`${path}?${new URLSearchParams(query)}`)).arrayBuffer();
}

export const post = async (path, body) => (await request(path, json(body))).json();

// What is said is answered by events; each is given to `take` as it comes.
export async function say(body, take, signal) {
  const response = await request("say", json(body, signal));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Offline();
    }
    if (piece.done) return;
    rest += piece.value;
    const events = rest.split("\n\n");
    rest = events.pop();
    for (const event of events) take(JSON.parse(event.slice("data: ".length)));
  }
}
