import { type Static, Type } from "typebox"

/** `POST /scan`: a browser wants to be logged in by scanning. */
export const StartScanRequest = Type.Object(
  {
    binding: Type.Optional(
      Type.Enum(["cookie", "value"], {
        description:
          "How the browser proves later that the code is its own: by a cookie that pages can't read (the default), or by a value in the answer, for native apps and pages of other origins",
      }),
    ),
  },
  { additionalProperties: false },
)
export type StartScanRequest = Static<typeof StartScanRequest>

export const StartScanReply = Type.Object({
  id: Type.String({ description: "The ticket's. It is not what stands in the code" }),
  image: Type.String({ description: "The mini program code, as a data: URL" }),
  number: Type.String({
    pattern: "^[1-9][0-9]$",
    description: "Show it beside the code: the person types it on the phone",
  }),
  expires_in: Type.Integer({ description: "Seconds" }),
  secret: Type.Optional(
    Type.String({
      description: "Only for the binding `value`: goes into the header Denglu-Scan-Secret. Keep it in memory",
    }),
  ),
})
export type StartScanReply = Static<typeof StartScanReply>

/** `GET /scan/:id`, and each message of its event stream. */
export const ScanStatusReply = Type.Object({
  status: Type.Enum(["waiting", "opened", "confirmed", "denied", "expired", "redeemed"], {
    description: "`denied`, `expired` and `redeemed` are ends",
  }),
  expires_in: Type.Integer({ description: "Seconds until the ticket's end" }),
})
export type ScanStatusReply = Static<typeof ScanStatusReply>

/** `POST /scan/open`, by the mini program that the code opened. */
export const OpenScanRequest = Type.Object(
  {
    scene: Type.String({
      minLength: 1,
      maxLength: 32,
      description: "The page's `query.scene`, decoded by decodeURIComponent",
    }),
    launch_scene: Type.Integer({ description: "`scene` of wx.getEnterOptionsSync(): 1047 or it is refused" }),
  },
  { additionalProperties: false },
)
export type OpenScanRequest = Static<typeof OpenScanRequest>

/** What the person reads before they say yes or no. */
export const OpenScanReply = Type.Object({
  id: Type.String({ description: "The ticket's, for the answer" }),
  site: Type.Object({
    name: Type.String(),
    origin: Type.Union([Type.String(), Type.Null()], {
      description: "Of the page, where it is one of `allowedOrigins`",
    }),
  }),
  browser: Type.Union([Type.String(), Type.Null()], {
    description: "As `Chrome on Windows`, roughly, by its User-Agent; by Accept-Language in Chinese",
  }),
  place: Type.Union([Type.String(), Type.Null()], {
    description: "Roughly where the browser is, if the server knows",
  }),
  requested_at: Type.String({ format: "date-time" }),
  expires_in: Type.Integer({ description: "Seconds" }),
})
export type OpenScanReply = Static<typeof OpenScanReply>

/** `POST /scan/:id/confirm` */
export const ConfirmScanRequest = Type.Object(
  {
    number: Type.String({
      pattern: "^[0-9]{2}$",
      description: "Read off the page. A wrong one ends the ticket",
    }),
  },
  { additionalProperties: false },
)
export type ConfirmScanRequest = Static<typeof ConfirmScanRequest>

/** `POST /scan/:id/deny` */
export const DenyScanRequest = Type.Object(
  {
    not_me: Type.Optional(
      Type.Boolean({ description: "The person did not ask for this login: it is reported to the operator" }),
    ),
  },
  { additionalProperties: false },
)
export type DenyScanRequest = Static<typeof DenyScanRequest>
