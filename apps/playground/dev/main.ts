import { createFixture } from "./fixture-server.ts"

const port = 3105
createFixture().server.listen(port, "127.0.0.1", () =>
  console.log(`The page with a scripted feed: http://127.0.0.1:${port}/`),
)
