import { readFileSync } from "node:fs"
import { createLogin } from "@denglu/miniprogram"
import type { ConformanceNeed, CreateConformanceClient } from "@denglu/miniprogram/conformance"
import { installPeers } from "../measure/peers.ts"

/** A client of the table. */
export interface Client {
  readonly name: string
  readonly version: string
  /** Where one reads how it is set up, from the repository's root. */
  readonly file: string
  /** What it has not and does not claim to have: rules that need it are not counted. */
  readonly lacks: readonly ConformanceNeed[]
  readonly create: CreateConformanceClient
}

const root = new URL("../../../", import.meta.url)

/** Ours first, then what people use today. @throws Error if the peers can't be installed */
export async function clients(say: (line: string) => void): Promise<readonly Client[]> {
  installPeers(say)
  const modules = "bench/peers/node_modules"
  const adapter = `${modules}/axios-miniprogram-adapter`
  return [
    {
      name: "Denglu",
      version: versionOf("packages/miniprogram"),
      file: "bench/src/conformance/clients.ts",
      lacks: [],
      create: ({ platform, baseUrl, timeoutMs }) => createLogin({ platform, baseUrl, timeout: timeoutMs }),
    },
    {
      name: "alova",
      version: versionOf(`${modules}/alova`),
      lacks: [],
      ...(await peer("alova.js", "createAlovaClient")),
    },
    {
      name: "axios-miniprogram-adapter",
      version: `${versionOf(adapter)}, axios ${versionOf(`${adapter}/node_modules/axios`)}`,
      lacks: [],
      ...(await peer("axios.js", "createAxiosClient")),
    },
    {
      name: "weRequest",
      version: "1.8.1",
      lacks: ["logout", "refresh tokens"],
      ...(await peer("we-request.js", "createWeRequestClient")),
    },
    {
      name: "tutorial",
      version: "",
      lacks: ["refresh tokens"],
      ...(await peer("tutorial.js", "createTutorial")),
    },
  ]
}

function versionOf(folder: string): string {
  const manifest = readFileSync(new URL(`${folder}/package.json`, root), "utf8")
  return (JSON.parse(manifest) as { readonly version: string }).version
}

/** Peers are JavaScript with packages of their own: nothing of them is known to the compiler. */
async function peer(name: string, function_: string): Promise<Pick<Client, "file" | "create">> {
  const file = `bench/peers/conformance/${name}`
  const module: { readonly [name: string]: CreateConformanceClient } = await import(new URL(file, root).href)
  const create = module[function_]
  if (!create) throw new Error(`${file} has no ${function_}`)
  return { file, create }
}
