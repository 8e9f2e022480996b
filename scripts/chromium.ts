import { existsSync } from "node:fs"

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

/** Where Debian and others put Chromium; `undefined` where there is none. */
export const chromiumPath = places.find(place => existsSync(place))

/** For `need(context, …)`. */
export const whatChromiumIs = "Chromium (apt package chromium)"

/** How tests start it: for the machine they run on, and without the traffic of its own. */
export const chromiumOptions = {
  ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
  args: [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
}
