import { type FSWatcher, watch } from "node:fs"

/** An editor writes a file in several steps; this long (ms) after the last one it is told. */
const settleMs = 80
const ignored = /(^|[\\/])(node_modules|\.git|\.denglu|dist)([\\/]|$)/

/** Tells of changes in a folder, a moment after the last. Where the system can't watch, nothing is told. */
export function watchFolder(folder: string, changed: () => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(folder, { recursive: true, persistent: false }, (_, file) => {
      if (file !== null && ignored.test(file)) return
      clearTimeout(timer)
      timer = setTimeout(changed, settleMs)
      timer.unref()
    })
    watcher.on("error", () => watcher?.close())
  } catch {
    // Some file systems have no notifications: the page is reloaded by hand there.
  }
  return {
    close() {
      clearTimeout(timer)
      watcher?.close()
    },
  }
}
