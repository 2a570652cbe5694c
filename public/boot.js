// Starts the app. The page may not contain a script, so the names of the app's files stand in the links that
// trunk writes to preload them.
const module = document.querySelector("link[rel=modulepreload]").href;
const wasm = document.querySelector("link[rel=preload][type='application/wasm']").href;

const { default: start } = await import(module);
await start({ module_or_path: wasm });
