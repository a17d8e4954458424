import { errorCode, offeredVersions } from '@sluice/kafka/protocol'
import type { Handler } from './handler.ts'

const softwareName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** Which versions of which APIs this broker speaks. (A version of ApiVersions itself that it lacks: see the server.) */
export const handleApiVersions: Handler<'ApiVersions'> = (_broker, request, call) => {
  const isNamed = softwareName.test(request.clientSoftwareName) && softwareName.test(request.clientSoftwareVersion)
  if (call.version >= 3 && !isNamed) return { errorCode: errorCode.INVALID_REQUEST, apiKeys: [] }
  return { errorCode: errorCode.NONE, apiKeys: offeredVersions }
}
