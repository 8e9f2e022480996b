import type { ChildProcess } from "node:child_process"

const running = new Map<ChildProcess, number | undefined>()

process.on("exit", () => {
  for (const [child, inner] of running) {
    // The inner one first: a tracer that is killed lets go of what it traces, which would then stay behind.
    if (inner !== undefined) kill(inner)
    if (child.pid !== undefined) kill(child.pid)
  }
})

/**
 * However the bench ends, this process ends with it.
 *
 * @param inner the process that matters, if the child is only a program in front of it, such as strace
 */
export function endWithUs(child: ChildProcess, inner?: number): void {
  if (child.exitCode !== null || child.signalCode !== null) return
  if (!running.has(child)) child.once("exit", () => running.delete(child))
  running.set(child, inner)
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It has ended by itself.
  }
}
