import { join } from "node:path"
import { build } from "esbuild"
import { root } from "./repository.ts"

/** An entry of the browser SDK as one small text, as a page carries it. */
export async function webBundle(entry: "index" | "panel/index"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, `packages/web/src/${entry}.ts`)],
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2022",
    write: false,
  })
  return outputFiles[0]?.text ?? ""
}
