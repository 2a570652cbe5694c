// Starts the app. The page may not contain a script, so the names of the app's files stand beside this one;
// `cargo xtask post-build` writes them there.
try {
  const { js, wasm } = document.getElementById("boot").dataset;
  const app = await import(js);
  await app.default({ module_or_path: wasm });
} catch (error) {
  console.error(error);
  sayThatItFailed();
}

// The app has a page for its own failures; this one is for when it could not even be loaded.
function sayThatItFailed() {
  if (document.getElementById("recovery")) return;
  const add = (parent, tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    return parent.appendChild(element);
  };
  document.getElementById("first-paint")?.remove();
  const page = add(document.body, "main", "");
  page.id = "recovery";
  page.className = "recovery";
  page.setAttribute("role", "alert");
  add(page, "h1", "Purser could not start");
  add(page, "p", "A part of it did not load, or this browser is too old for it. What you saved is safe on the server.");
  const again = add(page, "a", "Load the page again");
  again.className = "button button--primary";
  again.href = location.href;
}
