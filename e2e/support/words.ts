import { readFileSync } from "node:fs";

export type Language = "en" | "et";

/** The app's own words in one language: `say("check.saved_single", { count: "1" })`. */
export function words(language: Language): (key: string, values?: Record<string, string>) => string {
  const texts = JSON.parse(readFileSync(new URL(`../../locales/${language}.json`, import.meta.url), "utf8"));
  return (key, values = {}) => {
    const [group, name] = key.split(".");
    const text: string | undefined = texts[group]?.[name];
    if (text === undefined) throw new Error(`locales/${language}.json has no ${key}`);
    return text.replace(/\{\{ *(\w+) *\}\}/g, (_, value: string) => {
      if (!(value in values)) throw new Error(`${key} needs ${value}`);
      return values[value];
    });
  };
}
