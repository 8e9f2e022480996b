import { spawnSync } from "node:child_process"
import { platform } from "node:os"
import { expect, test } from "vitest"
import { need } from "../../scripts/need.ts"
import { cpuSeconds, treeSeconds } from "../src/measure/cpu.ts"

test("the CPU of a tree counts children that have ended, once", context => {
  need(context, platform() === "linux", "Linux's /proc")
  const before = treeSeconds([process.pid])
  const selfBefore = cpuSeconds(process.pid)
  const burn = "const until = performance.now() + 400; while (performance.now() < until);"
  spawnSync(process.execPath, ["-e", burn])
  const child = treeSeconds([process.pid, process.pid]) - before - (cpuSeconds(process.pid) - selfBefore)
  expect(child).toBeGreaterThan(0.02)
  expect(child).toBeLessThan(1.5)
})
