// Elements from names, attributes and texts. Texts become text nodes: nothing here can make markup of them.
const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  heart: "M12 20.3 4.9 13a4.6 4.6 0 0 1 6.5-6.5l.6.6.6-.6a4.6 4.6 0 0 1 6.5 6.5z",
  cart: "M5.5 8.5h13l-1 11.5h-11zM8.5 8.5V7a3.5 3.5 0 0 1 7 0v1.5",
  scales: "M12 4.5v15M7.5 19.5h9M5 7.5h14M5 7.5l-2.5 6.5a2.7 2.7 0 0 0 5 0zM19 7.5l-2.5 6.5a2.7 2.7 0 0 0 5 0z",
  history: "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4.5v4h4M12 8v4.4l3 1.8",
  settings: "M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9M15 5.5v4M9 14.5v4",
  close: "M6 6l12 12M18 6 6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  up: "M7.5 20.5v-10l4-7.2c1.7 0 2.4 1.2 2 2.8l-.8 3.4h5.4c1.4 0 2.3 1.2 2 2.5l-1.4 6.4a2.6 2.6 0 0 1-2.5 2.1zM7.5 10.5H4v10h3.5",
  down: "M7.5 3.5v10l4 7.2c1.7 0 2.4-1.2 2-2.8l-.8-3.4h5.4c1.4 0 2.3-1.2 2-2.5L18.700 5.600a2.600 2.600 0 0 0-2.500-2.100zM7.500 13.500H4v-10h3.500",
  check: "m5 12.500 4.500 4.500L19 7.500",
  alert: "M12 8.500v4.500M12 16.500v.010M12 3.500 2.500 20h19z",
  star: "m12 4 2.500 5.200 5.700.800-4.100 4 1 5.600-5.100-2.700-5.100 2.700 1-5.600-4.100-4 5.700-.800z",
  link: "M10 5.500H5.500v13h13V14M13.500 4.500h6v6M19 5l-8.500 8.500",
  trash: "M5 7h14M9.500 7V4.500h5V7M7 7l.800 12.500h8.400L17 7",
  download: "M12 4.500v10M8 11l4 4 4-4M5 19.500h14",
  plus: "M12 5.500v13M5.500 12h13",
  minus: "M5.500 12h13",
  grid: "M5 5h5.500v5.500H5zM13.500 5H19v5.500h-5.500zM5 13.500h5.500V19H5zM13.500 13.500H19V19h-5.500z",
  chat: "M4.500 5.500h15v10h-8l-4.500 4v-4h-2.500z",
  mic: "M12 4a2.500 2.500 0 0 0-2.500 2.500v5a2.500 2.500 0 0 0 5 0v-5A2.500 2.500 0 0 0 12 4zM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3M9 20h6",
  speaker: "M5 9.500h3l4-4v13l-4-4H5zM15.500 9.500a4 4 0 0 1 0 5M18 7a7.500 7.500 0 0 1 0 10",
  spark: "M12 4.500 13.800 10l5.700 2-5.700 2L12 19.500 10.200 14l-5.700-2 5.700-2z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon i-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// h("button", { class: "x", onclick: f, "aria-label": "…" }, "text", node, null)
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("aria-")) element.setAttribute(name, String(value));
    else if (value === false) continue;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "vars") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function iconButton(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...more }, icon(name));
}
