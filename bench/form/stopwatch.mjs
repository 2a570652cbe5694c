// What runs in both pages alike, before anything else of them: it notes when things were painted.

/** For `addInitScript`. */
export function stopwatch({ token }) {
  sessionStorage.setItem("purser.token", token);

  const bench = { keys: [], longTasks: [], screenful: undefined };
  window.bench = bench;

  // A frame is painted after its animation callbacks; a message comes in after that.
  const whenPainted = (holds) =>
    new Promise((done) => {
      const look = () => {
        if (!holds()) return requestAnimationFrame(look);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          done(performance.now());
          // An open port is never given up.
          port1.close();
        };
        port2.postMessage(undefined);
      };
      requestAnimationFrame(look);
    });

  // From the key to the frame that shows what it did: the page's own handlers come before that frame.
  let key;
  addEventListener("keydown", (event) => (key = event.timeStamp), true);
  addEventListener("input", async () => {
    const from = key;
    bench.keys.push((await whenPainted(() => true)) - from);
  }, true);

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.longTasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  // Kept up to date by the browser, so that looking costs the page nothing.
  const questions = document.getElementsByClassName("question");
  const shown = () => [...questions].filter((it) => !it.hidden).length;
  const fillsWindow = () => questions.length > 0 && questions[questions.length - 1].getBoundingClientRect().bottom >= innerHeight;
  addEventListener("DOMContentLoaded", async () => (bench.screenful = await whenPainted(fillsWindow)));

  /** When so many questions are on the page and painted, in milliseconds since the page was asked for. */
  bench.whenShown = (count) => whenPainted(() => questions.length >= count && shown() === count);

  /** Milliseconds from the next press until so many questions are painted. */
  bench.fromPressTo = (count) =>
    new Promise((done) => {
      const pressed = async (event) => done((await bench.whenShown(count)) - event.timeStamp);
      addEventListener("click", pressed, { capture: true, once: true });
    });

  /** Presses a link when it is there, and waits until something else is. */
  bench.go = async (link, until) => {
    await whenPainted(() => document.querySelector(link));
    document.querySelector(link).click();
    await whenPainted(until);
  };
  bench.has = (selector) => document.querySelector(selector) !== null;
  bench.shownCount = shown;

  // How much WebAssembly holds; the program tells nobody.
  const memories = new Set();
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const result = await original.apply(WebAssembly, args);
      for (const it of Object.values((result.instance ?? result).exports)) {
        if (it instanceof WebAssembly.Memory) memories.add(it);
      }
      return result;
    };
  }
  bench.wasmBytes = () => [...memories].reduce((sum, it) => sum + it.buffer.byteLength, 0);
}
