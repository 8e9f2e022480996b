import { spawn } from "node:child_process"

const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
}

/** Opens the address in the person's browser; where there is none, nothing happens: the address is printed anyway. */
export function openBrowser(url: string): void {
  const [command = "xdg-open", ...words] = openers[process.platform] ?? ["xdg-open"]
  const child = spawn(command, [...words, url], { stdio: "ignore", detached: true })
  child.on("error", () => {})
  child.unref()
}
