// Elements of the pages are found by their classes, in HTML that lies beside the scripts: TypeScript cannot know of
// which kind they are, and that they are there.

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface Window {
  pageLeft?: number; // performance.now() when the reader last went to another page (ui/server/static/history.js)
  toldAt?: number; // performance.now() when an element last told the script something (ui/live/static/telling.js)
  pageThere?: number; // performance.now() when the address of the other page was there
}
