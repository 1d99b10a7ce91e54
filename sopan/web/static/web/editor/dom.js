// What stands on the page: its words, its icons, and how a part of it is made
const { $, all, say, post } = window.sopan;
export { $, all, say, post };
export const root = $("#editor"), address = root.dataset, W = $("#editor-words").dataset;
export const [DOTS, CROSS, LEFT, RIGHT, STOP, WARN] = [...$("#icons").content.children];
export const sheet = $("#sheet"), body = $("tbody", sheet);
export const read = (id) => JSON.parse(document.getElementById(id).textContent);
export const el = (name, given = {}, ...children) => {
  const node = Object.assign(document.createElement(name), given);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};
export const labelled = (node, label) => { node.setAttribute("aria-label", label); return node; };
export const copy = (value) => JSON.parse(JSON.stringify(value));
export const put = (holder, key, value) => { if (value === "" || value === false || value?.length === 0) delete holder[key]; else holder[key] = value; };
