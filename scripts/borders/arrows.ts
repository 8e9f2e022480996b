import { type Border, imports, source } from "./border.ts"

const folders = [
  "protocol",
  "wechat",
  "store",
  "redis",
  "sms-senders",
  "limits",
  "session",
  "user",
  "login",
  "http",
  "verifier",
  "frameworks",
  "cli",
] as const
type Folder = (typeof folders)[number]

/** The arrows: what each folder may import. Everything else it may not. */
const arrows: Readonly<Record<Folder, readonly Folder[]>> = {
  protocol: [],
  wechat: [],
  store: [],
  redis: ["store"],
  "sms-senders": ["store"],
  limits: ["store", "redis"],
  session: ["store"],
  user: ["store"],
  login: ["session", "user", "store", "wechat"],
  http: ["login", "session", "user", "store", "protocol", "limits"],
  verifier: ["session", "protocol"],
  frameworks: ["http", "login", "session", "user", "store", "protocol", "verifier"],
  cli: [
    "protocol",
    "wechat",
    "store",
    "session",
    "user",
    "login",
    "http",
    "verifier",
    "redis",
    "limits",
    "sms-senders",
  ],
}
/** Those who may know the whole that create-login.ts puts together. */
const onTop: readonly Folder[] = ["frameworks", "cli"]

function arrowOf(folder: Folder): Border {
  const forbidden = folders.filter(other => other !== folder && !arrows[folder].includes(other))
  return {
    name: `${folder} imports ${arrows[folder].join(", ") || "no other folder"}, and nothing points back`,
    at: `${source}/${folder}`,
    rule: imports,
    says: "The arrows",
    violating: [
      ...forbidden.flatMap(other => [
        `import { thing } from "../${other}/thing.ts"\nthing()`,
        `import type { Thing } from "../${other}/deeper/thing.ts"\nexport type Mine = Thing`,
        `export { thing } from "../../${other}/thing.ts"`,
        `export const thing = await import("../${other}/thing.ts")`,
      ]),
      ...(onTop.includes(folder)
        ? []
        : [
            `import { createLogin } from "../create-login.ts"\ncreateLogin()`,
            `export { a } from "../index.ts"`,
          ]),
      `import { createLogin } from "denglu"\ncreateLogin()`,
    ],
    allowed: [
      ...arrows[folder].map(other => `import { thing } from "../${other}/thing.ts"\nthing()`),
      `import { thing } from "./thing.ts"\nthing()`,
      `import { DengluError } from "../errors.ts"\nimport type { Clock } from "../clock.ts"\nexport const a: Clock = () => { throw new DengluError("internal") }`,
      ...(onTop.includes(folder) ? [`import { createLogin } from "../create-login.ts"\ncreateLogin()`] : []),
    ],
  }
}

/** What stands at the root of src. */
const composition: readonly Border[] = [
  {
    name: "create-login.ts puts everything together, but knows neither command line nor frameworks",
    at: `${source}/create-login.ts`,
    rule: imports,
    violating: [
      `import { start } from "./cli/start.ts"\nstart()`,
      `import { requireUser } from "./frameworks/express.ts"\nrequireUser()`,
    ],
    allowed: folders
      .filter(folder => !onTop.includes(folder))
      .map(folder => `import { thing } from "./${folder}/thing.ts"\nthing()`),
  },
  ...["errors", "events", "clock", "random", "log"].map(word => ({
    name: `${word}.ts is a word that all folders share: it imports nothing but the store's types`,
    at: `${source}/${word}.ts`,
    rule: imports,
    violating: [
      ...folders
        .filter(folder => folder !== "store")
        .map(folder => `import { thing } from "./${folder}/thing.ts"\nthing()`),
      `import { createLogin } from "./create-login.ts"\ncreateLogin()`,
    ],
    allowed: [`import type { Session } from "./store/store.ts"\nexport type Mine = Session`],
  })),
]

const simulator: readonly Border[] = [
  {
    name: "the simulator imports nothing of ours",
    at: "packages/simulator/src",
    rule: imports,
    violating: [
      `import { createLogin } from "denglu"\ncreateLogin()`,
      `import { errcodes } from "../../denglu/src/wechat/errcodes.ts"\nerrcodes()`,
      `import type { ErrorCode } from "denglu/errors"\nexport type Mine = ErrorCode`,
    ],
    allowed: [`import { createServer } from "node:http"\ncreateServer()`],
  },
  {
    name: "the library does not import the simulator",
    at: `${source}/wechat`,
    rule: imports,
    violating: [
      `import { createSimulator } from "@denglu/simulator"\ncreateSimulator()`,
      `export const simulator = await import("@denglu/simulator")`,
    ],
    allowed: [`import { Type } from "typebox"\nType()`],
  },
  {
    name: "cli loads the simulator with import() only",
    at: `${source}/cli`,
    rule: "plugin",
    says: "import()",
    violating: [
      `import { createSimulator } from "@denglu/simulator"\ncreateSimulator()`,
      `import * as simulator from "@denglu/simulator"\nsimulator.createSimulator()`,
      `import "@denglu/simulator"`,
      `export { createSimulator } from "@denglu/simulator"`,
    ],
    allowed: [
      `export const simulator = await import("@denglu/simulator")`,
      `import type { Simulator } from "@denglu/simulator"\nexport type Mine = Simulator`,
    ],
  },
  {
    name: "import() of the simulator is not against cli's arrows",
    at: `${source}/cli`,
    rule: imports,
    violating: [`export { requireUser } from "../frameworks/express.ts"`],
    allowed: [`export const simulator = await import("@denglu/simulator")`],
  },
]

/** Who imports whom. */
export const arrowBorders: readonly Border[] = [...folders.map(arrowOf), ...composition, ...simulator]
