import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import type { AvatarStorage } from "./avatar-storage.ts"

/** A bucket of Amazon S3, or of what speaks its protocol: Tencent COS, Aliyun OSS, MinIO. */
export interface S3AvatarsOptions {
  readonly bucket: string
  /** `us-east-1`, `ap-guangzhou`, `oss-cn-hangzhou` … */
  readonly region: string
  /** Of another service than Amazon's: `https://cos.ap-guangzhou.myqcloud.com`, `https://oss-cn-hangzhou.aliyuncs.com`, `http://127.0.0.1:9000`. */
  readonly endpoint?: string
  /** Default is what Amazon's client finds: environment variables, its files, the machine's role. */
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  /**
   * Where everybody gets the pictures from, without a slash at its end: the bucket's own address, or a CDN in front of it. The key comes behind
   * it. Let it be a host that has no logins: what it answers to browsers is its own affair.
   */
  readonly publicUrl: string
  /** What keys begin with. Default is `avatars/`. */
  readonly prefix?: string
  /** The bucket stands in the path instead of the host, as MinIO wants it. Default is `false`. */
  readonly forcePathStyle?: boolean
  /** How long one call may take, its one repetition included, in milliseconds, 100 to 9,000. Default is 5,000. */
  readonly timeoutMs?: number
}

/**
 * Keeps avatars in a bucket, which instances share. Everybody must be allowed to read what begins with the prefix. Needs the package
 * `@aws-sdk/client-s3`.
 *
 * @throws TypeError for a wrong option
 * @example
 * ```ts
 * import { defineConfig } from "denglu"
 * import { s3Avatars } from "denglu/avatar-s3"
 *
 * export default defineConfig({
 *   avatars: {
 *     storage: s3Avatars({
 *       bucket: "shop-1250000000",
 *       region: "ap-guangzhou",
 *       endpoint: "https://cos.ap-guangzhou.myqcloud.com",
 *       publicUrl: "https://pictures.example.com",
 *     }),
 *   },
 * })
 * ```
 */
export function s3Avatars(options: S3AvatarsOptions): AvatarStorage {
  const { bucket, region, endpoint, credentials, publicUrl, forcePathStyle = false } = options
  const { prefix = "avatars/", timeoutMs = 5_000 } = options
  check(options, prefix, timeoutMs)
  const client = new S3Client({
    region,
    forcePathStyle,
    maxAttempts: 2,
    // Sums that only Amazon knows are left out where nobody asks for them: other services refuse them.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  })
  const inTime = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) })
  const place = (name: string) => ({ Bucket: bucket, Key: prefix + name })
  return {
    async put(name, { type, bytes }) {
      const CacheControl = "public, max-age=31536000, immutable"
      const object = { ...place(name), Body: bytes, ContentType: type, CacheControl }
      await client.send(new PutObjectCommand(object), inTime())
    },
    async remove(name) {
      await client.send(new DeleteObjectCommand(place(name)), inTime())
    },
    url: name => `${publicUrl}/${prefix}${name}`,
  }
}

function check({ bucket, region, publicUrl }: S3AvatarsOptions, prefix: string, timeoutMs: number): void {
  for (const [name, value] of Object.entries({ bucket, region }))
    if (typeof value !== "string" || value === "") throw new TypeError(`s3Avatars: ${name} is missing`)
  if (typeof publicUrl !== "string" || !/^https?:\/\/[^?#]+[^/?#]$/.test(publicUrl))
    throw new TypeError(
      's3Avatars: publicUrl must look like "https://pictures.example.com": no slash at its end',
    )
  if (!/^([A-Za-z0-9][A-Za-z0-9._-]*\/)*$/.test(prefix))
    throw new TypeError('s3Avatars: prefix must look like "avatars/", or be empty')
  if (!Number.isInteger(timeoutMs) || timeoutMs < 100 || timeoutMs > 9_000)
    throw new TypeError("s3Avatars: timeoutMs must be a whole number from 100 to 9000")
}
