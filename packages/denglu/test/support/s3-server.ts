import { createHash, createHmac } from "node:crypto"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"

const accessKeyId = "AKIDEXAMPLE"
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
export const s3Credentials = { accessKeyId, secretAccessKey }

interface S3Object {
  readonly bytes: Buffer
  readonly type: string | undefined
  readonly cacheControl: string | undefined
}

export interface S3Server {
  readonly url: string
  /** By `bucket/key`. */
  readonly objects: Map<string, S3Object>
  /** What it answered, as `PUT /bucket/key 200`. */
  readonly log: string[]
  /** Answers nothing any more, until it is `false` again. */
  hang: boolean
  /** The status of the next answers, whatever is asked. */
  readonly fails: number[]
  close(): Promise<void>
}

/** A pretend S3 that believes a request only if its signature (AWS Signature Version 4) is right. */
export async function startS3(): Promise<S3Server> {
  const objects = new Map<string, S3Object>()
  const log: string[] = []
  const state = { hang: false, fails: [] as number[] }
  const server = createServer(async (req, res) => {
    const body = Buffer.concat(await req.toArray())
    if (state.hang) return
    const status = state.fails.shift() ?? answer(req, body)
    log.push(`${req.method} ${req.url} ${status}`)
    res.writeHead(status, { "content-type": "application/xml" })
    res.end(
      status < 300
        ? ""
        : `<Error><Code>${status === 403 ? "SignatureDoesNotMatch" : "InternalError"}</Code></Error>`,
    )
  })

  function answer(req: IncomingMessage, body: Buffer): number {
    const { pathname } = new URL(req.url ?? "/", "http://x")
    if (!isSigned(req, body)) return 403
    const key = decodeURIComponent(pathname.slice(1))
    if (req.method === "DELETE") {
      objects.delete(key)
      return 204
    }
    if (req.method !== "PUT") return 405
    const { "content-type": type, "cache-control": cacheControl } = req.headers
    objects.set(key, { bytes: body, type, cacheControl })
    return 200
  }

  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    log,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  })
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex")
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest()

/** As AWS describes it: "Authenticating Requests: Using the Authorization Header". */
function isSigned(req: IncomingMessage, body: Buffer): boolean {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      req.headers.authorization ?? "",
    )
  if (found === null) return false
  const [, id, date = "", region = "", signedHeaders = "", signature] = found
  const payload = String(req.headers["x-amz-content-sha256"])
  if (id !== accessKeyId || payload !== sha256(body)) return false
  const { pathname, searchParams } = new URL(req.url ?? "/", "http://x")
  searchParams.sort()
  const names = signedHeaders.split(";")
  if (!names.includes("host") || !names.includes("x-amz-date")) return false
  const canonical = [
    req.method,
    pathname,
    searchParams.toString().replaceAll("+", "%20"),
    ...names.map(name => `${name}:${String(req.headers[name]).trim().replace(/ +/g, " ")}`),
    "",
    signedHeaders,
    payload,
  ].join("\n")
  const scope = `${date}/${region}/s3/aws4_request`
  const toSign = ["AWS4-HMAC-SHA256", req.headers["x-amz-date"], scope, sha256(canonical)].join("\n")
  const key = [region, "s3", "aws4_request"].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date))
  return hmac(key, toSign).toString("hex") === signature
}
