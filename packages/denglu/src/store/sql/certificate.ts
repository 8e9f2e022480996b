/**
 * Says why the certificate of a database, or of Redis, is not taken, and what to do. `undefined` if that is not what is wrong. Codes are
 * Node's (https://nodejs.org/api/tls.html#x509-certificate-error-codes); mysql2 replaces them by one of its own and keeps the words.
 *
 * @returns holds no part of the URL and nothing of the certificate
 */
export function describeCertificateError(error: Error): string | undefined {
  const { code } = error as { code?: unknown }
  const said = `${typeof code === "string" ? code : ""} ${error.message}`
  return certificateErrors.find(({ sign }) => sign.test(said))?.says
}

const refused = "the server's certificate is refused"

/** The first that fits says it. */
const certificateErrors = [
  {
    sign: /ALTNAME|altnames|HOSTNAME_MISMATCH/,
    says: `${refused}: it was issued for another name. Write the host in the URL as the certificate names it (for MySQL never an IP address)`,
  },
  {
    sign: /CERT_NOT_YET_VALID|certificate is not yet valid/,
    says: "the server's certificate is not valid yet: look at the clocks of both machines",
  },
  {
    sign: /CERT_HAS_EXPIRED|certificate has expired/,
    says: `${refused}: it has expired. Renew it on the server; if it has not, this machine's clock is wrong`,
  },
  {
    sign: /SELF_SIGNED|self.signed certificate|UNABLE_TO_(GET_ISSUER|VERIFY)|unable to (get.* issuer|verify)/,
    says: `${refused}: its authority is unknown here. Start with NODE_EXTRA_CA_CERTS=FILE, the authority's certificate as PEM, which managed databases offer for download`,
  },
  {
    sign: /^(CERT_|CRL_|INVALID_|PATH_LENGTH_|UNABLE_TO_|HOSTNAME_|ERR_TLS_CERT)/,
    says: `${refused}: openssl s_client -connect HOST:PORT shows it, with -starttls postgres or mysql before a database`,
  },
] as const
