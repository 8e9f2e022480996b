import type { ChosenFile } from "@denglu/simulator/wx"
import { facePicture } from "./face-picture.ts"

/** The pictures on the pretend phone. */
export const avatars: readonly { readonly name: string; readonly file: () => ChosenFile }[] = [
  { name: "🌿 青绿", file: () => picture("#07c160", "#d5f5e3") },
  { name: "🌊 海蓝", file: () => picture("#10aeff", "#d6f0ff") },
  { name: "🌇 暖橙", file: () => picture("#fa9d3b", "#fdebd7") },
]

function picture(ink: string, paper: string): ChosenFile {
  return { bytes: facePicture(ink, paper), type: "image/png" }
}
