import { createLogin } from "@denglu/miniprogram"
import type { CreateConformanceClient } from "@denglu/miniprogram/conformance"
import { installPeers } from "../measure/peers.ts"

/** A client of the table. */
export interface Client {
  readonly name: string
  readonly create: CreateConformanceClient
}

/** Ours first, then what people use today. @throws Error if the peers can't be installed */
export async function clients(say: (line: string) => void): Promise<readonly Client[]> {
  installPeers(say)
  return [
    {
      name: "Denglu",
      create: ({ platform, baseUrl, timeoutMs }) => createLogin({ platform, baseUrl, timeout: timeoutMs }),
    },
    { name: "alova 3.5.5", create: await peer("alova.js", "createAlovaClient") },
    { name: "axios-miniprogram-adapter 0.3.5", create: await peer("axios.js", "createAxiosClient") },
    { name: "weRequest 1.8.1", create: await peer("we-request.js", "createWeRequestClient") },
    { name: "tutorial", create: await peer("tutorial.js", "createTutorial") },
  ]
}

/** Peers are JavaScript with packages of their own: nothing of them is known to the compiler. */
async function peer(file: string, name: string): Promise<CreateConformanceClient> {
  const module: { readonly [name: string]: CreateConformanceClient } = await import(
    new URL(`../../peers/conformance/${file}`, import.meta.url).href
  )
  const create = module[name]
  if (!create) throw new Error(`bench/peers/conformance/${file} has no ${name}`)
  return create
}
