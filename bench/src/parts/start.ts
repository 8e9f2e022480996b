import { join } from "node:path"
import { atMost, type Bench, type Part, type Report } from "../bench.ts"
import { measureStarts } from "../measure/starts.ts"

export const start: Part = {
  name: "start",
  does: "from spawn to the first accepted connection: `denglu start`, built, and an empty node:http server",
  tools: () => [],
  async run({ say }: Bench): Promise<Report> {
    const figures = await measureStarts(say, folder => `sqlite:${join(folder, "login.db")}`)
    return {
      figures,
      verdicts: [
        atMost(
          {
            en: "start: denglu start to an empty node:http server",
            zh: "启动：denglu start 与空的 node:http 服务器之比",
          },
          figures.ratio,
          2,
        ),
        atMost(
          { en: "start: resident memory when idle", zh: "启动：空闲时的常驻内存" },
          figures.residentBytes / 1e6,
          80,
          "MB",
        ),
      ],
    }
  },
}
