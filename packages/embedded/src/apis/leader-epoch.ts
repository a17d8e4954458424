import { errorCode } from '@sluice/kafka/protocol'
import type { PartitionLog } from '../log/partition-log.ts'

/** Whether a client that thinks this to be the leader's epoch is up to date; −1 says nothing. */
export function checkLeaderEpoch(log: PartitionLog, claimed: number): number {
  if (claimed === -1 || claimed === log.leaderEpoch) return errorCode.NONE
  return claimed < log.leaderEpoch ? errorCode.FENCED_LEADER_EPOCH : errorCode.UNKNOWN_LEADER_EPOCH
}
