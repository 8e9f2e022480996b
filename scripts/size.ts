import { gzipSync } from "node:zlib"
import { stageRuntime } from "../packages/stage/src/server/stage-runtime.ts"
import { miniprogramBundle, miniprogramModule } from "./bundle-miniprogram.ts"
import { webBundle } from "./bundle-web.ts"
import { report } from "./repository.ts"

/** What may weigh how much, in bytes, minified and gzipped at the highest level. */
const budgets = [
  { file: "packages/miniprogram", limit: 2_500, code: () => miniprogramBundle("index") },
  { file: "packages/miniprogram/miniprogram_dist", limit: 2_500, code: () => miniprogramModule("index") },
  { file: "packages/miniprogram/leave", limit: 600, code: () => miniprogramBundle("leave") },
  { file: "packages/miniprogram/miniprogram_dist/leave", limit: 600, code: () => miniprogramModule("leave") },
  { file: "packages/miniprogram/open-data", limit: 600, code: () => miniprogramBundle("open-data") },
  {
    file: "packages/miniprogram/miniprogram_dist/open-data",
    limit: 600,
    code: () => miniprogramModule("open-data"),
  },
  { file: "packages/miniprogram/phone", limit: 600, code: () => miniprogramBundle("phone") },
  { file: "packages/miniprogram/miniprogram_dist/phone", limit: 600, code: () => miniprogramModule("phone") },
  { file: "packages/miniprogram/scan", limit: 600, code: () => miniprogramBundle("scan") },
  { file: "packages/miniprogram/miniprogram_dist/scan", limit: 600, code: () => miniprogramModule("scan") },
  { file: "packages/web", limit: 5_000, code: () => webBundle("index") },
  { file: "packages/web/panel", limit: 9_000, code: () => webBundle("panel/index") },
  { file: "packages/stage/src/runtime", limit: 90_000, code: stageRuntime },
]

const sizes = await Promise.all(
  budgets.map(async ({ file, limit, code }) => ({
    file,
    limit,
    bytes: gzipSync(await code(), { level: 9 }).length,
  })),
)
report(
  sizes
    .filter(({ bytes, limit }) => bytes > limit)
    .map(({ file, bytes, limit }) => ({
      file,
      message: `weighs ${bytes} B gzipped, ${limit} B are allowed`,
    })),
  sizes.map(({ file, bytes, limit }) => `${file}: ${bytes} of ${limit} B gzipped`).join("\n"),
)
