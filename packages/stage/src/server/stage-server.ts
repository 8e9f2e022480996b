import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import type { Program } from "../program.ts"

/** What the phone's `wx` needs from a pretend WeChat. Answers may be promises; a rejection makes the API fail. */
export interface PhoneBackend {
  /** A code of `wx.login()`. */
  issueCode(): string | Promise<string>
  /** A code of the getPhoneNumber button. */
  issuePhoneCode(): string | Promise<string>
  /** Whether the app may still get such codes. Default is yes. */
  hasPhoneQuota?(): boolean | Promise<boolean>
  /** Whether the `session_key` of this phone's last login still holds. */
  checkSession(): boolean | Promise<boolean>
  /** `encryptedData`, `iv`, `rawData`, `signature` of the given profile; without one, of the anonymous profile. */
  encryptData(profile?: object): object | Promise<object>
}

/** A request of the mini program on its way: `wx.request`, `wx.uploadFile` or `wx.downloadFile`. */
export interface RelayRequest {
  readonly method: string
  /** Absolute, and whatever the mini program says: what sends it refuses what may not be asked. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
}

export interface RelayReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** One `Set-Cookie` each. */
  readonly cookies?: readonly string[]
  readonly body: Uint8Array
}

/** Sends, in its own way: may look, wait, or throw, which is a broken connection to the mini program. */
export type Relay = (request: RelayRequest, send: () => Promise<RelayReply>) => Promise<RelayReply>

export interface StageServerOptions {
  /** The mini program's folder: where app.json, or project.config.json, is. */
  readonly root: string
  /** Where the phone's page is, as `/phone`. Default is the root of the server. */
  readonly base?: string
  /** Conditions of package.json's `exports` that count besides `default`. */
  readonly conditions?: readonly string[]
  readonly backend: PhoneBackend
  /** Whose phone it is: each has a storage of its own. Default is one for all. */
  readonly owner?: () => string
  /** Default is to send. */
  readonly relay?: Relay
  /** Where a request really goes: a mini program's source names one address, a server may listen at another. Default is there. */
  readonly route?: (url: string) => string
  /** Origins that the mini program may ask besides this machine's, as `https://api.example.com`. */
  readonly origins?: readonly string[]
  /** Load open phones anew when a file changes. Default is `true`. */
  readonly watch?: boolean
}

/** A mini program on a page, to be mounted into a `node:http` server. */
export interface StageServer {
  /** Answers a request under `base`; `false` if it is not one. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  /** Takes over a socket of `wx.connectSocket`; `false` if it is not one. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Compiles, if anything changed since. */
  program(): Promise<Program>
  /** Loads every open phone anew. */
  reload(): void
  close(): Promise<void>
}
