// Put into the page before its own scripts: notes by the page's own clock when things happen in it.
//
// A picture counts from the animation frame that draws it (ui/lab/static/lab.js counts them there), anything else from
// the first animation frame after the change of the document.

(() => {
  const PATIENCE = 5000; // milliseconds that an action may take
  const first = { heading: null, picture: null }; // when each was first seen
  const started = Promise.withResolvers(); // when both have been
  const pictures = []; // when each was drawn
  const bytes = []; // [transferred, decoded] of each
  let pending = null; // the action that is measured
  let asked = null; // when the newest picture was asked for, and when its answer began
  let answered = null;
  let looks = null; // at the chart, in search of flicker

  const now = () => performance.now();
  const live = () => document.querySelector(".live")?.live;
  const button = (word) => document.querySelector(".live-play").textContent === word;

  // What is waited for. `drawn`: whether a picture was drawn just now.
  const CONDITIONS = {
    rate: (drawn) => drawn && live().frame.learningRate !== pending.before.rate,
    run: (drawn) => drawn && live().frame.run !== pending.before.run,
    paused: (drawn) => drawn && live().frame.status === "paused",
    training: (drawn) => drawn && live().frame.status === "running" && live().frame.update > pending.before.update,
    play: () => button("Play"),
    pause: () => button("Pause"),
    details: () => {
      const details = document.querySelector(".live-details");
      return !details.hidden && details.querySelector("h3")?.textContent.startsWith(`Step ${pending.step} `);
    },
  };

  const start = () => first.picture && first.heading > 0 && started.resolve();

  function check(drawn) {
    if (first.heading === null && document.querySelector("h2")?.checkVisibility()) {
      first.heading = -1;
      requestAnimationFrame(() => {
        first.heading = now();
        start();
      });
    }
    if (drawn) {
      first.picture ??= now();
      pictures.push(now());
      start();
    }
    if (pending?.release === undefined) return;
    for (const name of pending.waiting) {
      if (!CONDITIONS[name](drawn)) continue;
      pending.waiting.delete(name);
      const done = (action) => {
        action.marks[name] = now();
        if (drawn) Object.assign(action, { asked, answered });
        if (Object.keys(action.marks).length === action.names.length) action.resolve(action);
      };
      if (drawn) done(pending);
      else requestAnimationFrame(done.bind(null, pending));
    }
  }

  new MutationObserver((changes) => check(changes.some((change) => change.attributeName === "data-frames"))).observe(
    document,
    { attributes: true, attributeFilter: ["data-frames", "hidden"], childList: true, subtree: true },
  );

  // Get ready: from the next event of this type on, wait for these conditions.
  function arm(type, names, step) {
    const action = { names, waiting: new Set(names), marks: {}, step, heard: [], tasks: 0 };
    action.before = { run: live().frame.run, update: live().frame.update, rate: live().frame.learningRate };
    action.done = new Promise((resolve) => {
      action.resolve = resolve;
      setTimeout(() => resolve(null), PATIENCE);
    });
    addEventListener(type, (event) => (action.release = event.timeStamp), { capture: true, once: true });
    pending = action;
  }

  // Milliseconds from the release to everything that followed; null if it did not all happen.
  async function result() {
    const action = await pending.done;
    pending = null;
    if (!action) return null;
    const { release, marks, tasks } = action;
    const end = Math.max(...Object.values(marks));
    const times = { sent: action.sent, address: action.address, asked: action.asked, answered: action.answered };
    const heard = action.heard.filter((at) => at <= end);
    Object.assign(times, { heard: heard[0], said: heard.at(-1), ...marks });
    return { ...Object.fromEntries(Object.entries(times).map(([name, at]) => [name, at === undefined ? null : at - release])), tasks };
  }

  // What passes between page and server

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", () => pending?.release !== undefined && pending.heard.push(now()));
    }

    send(content) {
      if (pending?.release !== undefined) pending.sent ??= now();
      super.send(content);
    }
  };

  for (const name of ["pushState", "replaceState"]) {
    const native = history[name];
    history[name] = function (...options) {
      if (pending?.sent !== undefined) pending.address ??= now();
      return native.apply(this, options);
    };
  }

  const fetchAnything = window.fetch;
  window.fetch = async (...options) => {
    const command = options[1]?.method === "POST";
    if (command && pending?.release !== undefined) pending.sent ??= now();
    const ours = !command && String(options[0]).startsWith("/live/");
    if (ours) asked = now();
    const answer = await fetchAnything(...options);
    if (ours) answered = now();
    return answer;
  };

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (/\/live\/[^/]+\?/.test(entry.name) && entry.decodedBodySize) {
        bytes.push([entry.transferSize, entry.decodedBodySize]);
      }
    }
  }).observe({ type: "resource" });
  new PerformanceObserver((list) => {
    if (pending) for (const entry of list.getEntries()) pending.tasks += entry.duration;
  }).observe({ type: "longtask" });

  // Look at a row and a column of the score's pixels at every animation frame: what was on the screen until then.
  function look() {
    const canvas = document.querySelector(".live-score canvas");
    const ctx = canvas.getContext("2d");
    looks = { seen: 0, blank: 0, replaced: 0, pictures: pictures.length };
    const own = looks;
    const colours = (...area) => new Set(new Uint32Array(ctx.getImageData(...area).data.buffer)).size;
    const every = () => {
      if (looks !== own) return;
      own.seen += 1;
      own.replaced += document.querySelector(".live-score canvas") !== canvas;
      const { width, height } = canvas;
      const shown = width && height;
      own.blank += !shown || colours(0, height >> 1, width, 1) < 3 || colours(width >> 1, 0, 1, height) < 3;
      requestAnimationFrame(every);
    };
    requestAnimationFrame(every);
  }

  function looked() {
    const found = { ...looks, pictures: pictures.length - looks.pictures };
    looks = null;
    return found;
  }

  window.probe = { first, started: started.promise, pictures, bytes, arm, result, look, looked };
})();
