// Stand-ins for a browser: a drawing context that knows how wide letters are, and elements that keep what
// they are given.

export class Context {
  font = "10px sans-serif";
  texts = []; // what was written: [text, x, y]

  measureText(text) {
    const size = parseFloat(/([\d.]+)px/.exec(this.font)[1]);
    return { width: 0.6 * size * [...text].length };
  }

  fillText(text, x, y) {
    this.texts.push([text, x, y]);
  }
}
for (const name of ["setTransform", "clearRect", "fillRect", "beginPath", "moveTo", "lineTo", "rect", "arc", "closePath", "stroke"]) {
  Context.prototype[name] = () => {};
}
for (const name of ["fill", "clip", "save", "restore", "translate", "rotate", "scale", "setLineDash", "strokeText", "strokeRect"]) {
  Context.prototype[name] = () => {};
}

class Element {
  attributes = {};
  children = [];
  textContent = "";

  constructor(name) {
    this.name = name;
  }

  get ownerDocument() {
    return { createElementNS: (_space, name) => new Element(name) };
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  append(child) {
    this.children.push(child);
  }

  prepend(child) {
    this.children.unshift(child);
  }

  // All elements of a name within.
  all(name) {
    return this.children.flatMap((child) => [...(child.name === name ? [child] : []), ...child.all(name)]);
  }
}

// Let code that is under test find these in place of a browser's; the documents that it makes are returned as they come.
export function pretend() {
  const made = [];
  globalThis.document = {
    createElement: () => ({ getContext: () => new Context() }),
    implementation: {
      createDocument: (_space, name) => {
        made.push(new Element(name));
        return { documentElement: made.at(-1) };
      },
    },
  };
  globalThis.XMLSerializer = class {
    serializeToString = (element) => element;
  };
  globalThis.Path2D = Context;
  return made;
}
