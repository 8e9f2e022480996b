/**
 * `whole-login.ts [MOST]`: the whole product over the store BENCH_STORE, as `denglu start` runs it: limits on, a line of log for each login. MOST:
 * so many logins in one statement at most. Answers `GET /check` beside its own routes, to whoever brings a token.
 */
import { createServer } from "node:http"
import { createLogin } from "denglu"
import { createServerLog } from "../../../packages/denglu/src/cli/server-log.ts"
import { benchApp, benchLimits, benchSecret } from "./bench-app.ts"
import { listen } from "./listen.ts"
import { openBenchStore } from "./open-bench-store.ts"
import { logPeopleIn } from "./people.ts"
import { knownPeople } from "./session-answer.ts"

const {
  BENCH_STORE: url = "",
  BENCH_REDIS: redis,
  BENCH_UPSTREAM: simulator = "",
  BENCH_CLIENTS,
} = process.env
const most = process.argv[2] === undefined ? undefined : Number(process.argv[2])

const store = await openBenchStore(url, most)
// Memory begins empty: who is to be known has to log in now.
if (url === "memory:") await logPeopleIn(store, { people: knownPeople, sessions: knownPeople, tokenEvery: 1 })
const log = createServerLog("info")
const login = await createLogin({
  apps: [benchApp],
  store,
  secret: benchSecret,
  limits: benchLimits,
  log,
  ...(redis === undefined ? {} : { redis }),
  // A connection to WeChat for each client, as a deployment of that size would have it.
  wechat: { simulator, poolSize: Math.max(256, Number(BENCH_CLIENTS ?? 0)) },
})
login.on("session.issued", facts => log.info(facts, "logged in"))

listen(
  createServer((req, res) => {
    if (req.url !== "/check") return void login.node(req, res)
    const answer = () => res.writeHead(204).end()
    try {
      const user = login.authenticate(req.headers.authorization)
      if (user instanceof Promise) user.then(answer, () => res.writeHead(401).end())
      else answer()
    } catch {
      res.writeHead(401).end()
    }
  }),
  line => process.stderr.write(`${line}\n`),
)
