// What the parts of the editor share: where the person is, what the server found, and what each part does for the others.
// A part puts its acts here at its end; no part imports another one that needs it too, as the served name of a file holds
// a hash of all that it imports.
import { read } from "./dom.js";

export const page = {
  at: { row: 0, col: "activity" },  // the cell that was last in focus
  looked: read("answer"),
  floating: null,  // the menu that is open
};
