import type { ChosenFile } from "@denglu/simulator/wx"

/** The pictures on the pretend phone. */
export const avatars: readonly { readonly name: string; readonly file: () => ChosenFile }[] = [
  { name: "🌿 青绿", file: () => picture("#07c160", "#d5f5e3") },
  { name: "🌊 海蓝", file: () => picture("#10aeff", "#d6f0ff") },
  { name: "🌇 暖橙", file: () => picture("#fa9d3b", "#fdebd7") },
]

/** A face of two circles. */
function picture(ink: string, paper: string): ChosenFile {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 132"><rect width="132" height="132" fill="${paper}"/><g fill="${ink}"><circle cx="66" cy="52" r="24"/><circle cx="66" cy="132" r="46"/></g></svg>`
  return { bytes: new TextEncoder().encode(text), type: "image/svg+xml" }
}
