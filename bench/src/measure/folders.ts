import { mkdtempSync, rmSync, statfsSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** `TMPFS_MAGIC` and `RAMFS_MAGIC` of linux/magic.h. */
const inMemory = [0x01021994, 0x858458f6]

/** A folder that is gone when the bench ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), "denglu-bench-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A {@link temporaryFolder} on a disk. @throws Error if it is in memory, where a flush costs nothing */
export function folderOnDisk(): string {
  const folder = temporaryFolder()
  if (inMemory.includes(statfsSync(folder).type))
    throw new Error(`${folder} is in memory, not on a disk: set BENCH_FOLDER to a folder on one`)
  return folder
}
