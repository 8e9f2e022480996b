import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder on a disk (not in memory, if `TMPDIR` is on one) that is gone when the bench ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), "denglu-bench-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
