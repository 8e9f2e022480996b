import { fileURLToPath } from "node:url"
import { buildPage } from "../src/server/build-page.ts"
import { createFixture } from "./fixture-server.ts"

const port = 3105
const root = new URL("../", import.meta.url)
const page = new URL("dist/scripted/", root)
await buildPage(fileURLToPath(root), fileURLToPath(page))
createFixture({ page }).server.listen(port, "127.0.0.1", () =>
  console.log(`The page with a scripted feed: http://127.0.0.1:${port}/`),
)
