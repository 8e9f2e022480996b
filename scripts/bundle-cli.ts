import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"
import { licenceOf } from "./licence-of.ts"
import { root } from "./repository.ts"

const folder = join(root, "packages/denglu")
const output = join(folder, "dist/bundle")

/**
 * Puts the command line and what it needs to start into a few files: read one by one, the seven hundred modules of typebox
 * alone take longer than everything else a start does. What is loaded later (pino, undici, the parsers of XML and of forms, the rules of phone numbers, drivers, argon2, SDKs of who sends SMS and keeps pictures) stays outside.
 */
export async function bundleCli(): Promise<void> {
  rmSync(output, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [join(folder, "src/cli/main.ts")],
    outdir: output,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node22",
    conditions: ["denglu-source"],
    external: [
      "@alicloud/dysmsapi20170525",
      "@aws-sdk/client-s3",
      "@denglu/playground",
      "@denglu/simulator",
      "@fastify/busboy",
      "@node-rs/argon2",
      "@zxcvbn-ts/language-common",
      "fast-xml-parser",
      "ioredis",
      "libphonenumber-js",
      "mysql2",
      "pg",
      "pino",
      "tencentcloud-sdk-nodejs-sms",
      "undici",
    ],
    // CommonJS dependencies ask for Node's modules by require, which ES modules don't have.
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
    metafile: true,
    absWorkingDir: root,
  })
  const bundled = new Set(
    Object.keys(metafile.inputs).flatMap(
      file => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
    ),
  )
  writeFileSync(join(output, "THIRD-PARTY-LICENSES.txt"), [...bundled].sort().map(licenceOf).join("\n\n"))
}
