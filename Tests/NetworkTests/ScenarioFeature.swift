/// What may come of a random scenario: not that its configuration has it, but that it happened in the run.
enum ScenarioFeature: String, CaseIterable, Comparable {
  // Loss (N5, N6): a packet was lost by it.
  case downBernoulli = "down: Bernoulli took a packet"
  case downDrawnBernoulli = "down: Bernoulli with a drawn p took a packet"
  case downGilbertElliott = "down: Gilbert–Elliott took a packet"
  case downRuns = "down: runs took a packet"
  case downTrace = "down: a trace took a packet"
  case downOutages = "down: an outage took a packet"
  case downTimedChain = "down: Gilbert–Elliott by time took a packet"
  case downTimedBursts = "down: a burst by time took a packet"
  case downBursts = "down: a burst by packets took a packet"
  case downList = "down: a list of models took a packet"
  case downRecording = "down: a trace with a length took a packet"
  case upBernoulli = "up: Bernoulli took a packet"
  case upDrawnBernoulli = "up: Bernoulli with a drawn p took a packet"
  case upGilbertElliott = "up: Gilbert–Elliott took a packet"
  case upRuns = "up: runs took a packet"
  case upTrace = "up: a trace took a packet"
  case upOutages = "up: an outage took a packet"
  case upTimedChain = "up: Gilbert–Elliott by time took a packet"
  case upTimedBursts = "up: a burst by time took a packet"
  case upBursts = "up: a burst by packets took a packet"
  case upList = "up: a list of models took a packet"
  case upRecording = "up: a trace with a length took a packet"
  case sharedBernoulli = "shared: Bernoulli took a packet"
  case sharedDrawnBernoulli = "shared: Bernoulli with a drawn p took a packet"
  case sharedGilbertElliott = "shared: Gilbert–Elliott took a packet"
  case sharedRuns = "shared: runs took a packet"
  case sharedTrace = "shared: a trace took a packet"
  case sharedOutages = "shared: an outage took a packet"
  case sharedTimedChain = "shared: Gilbert–Elliott by time took a packet"
  case sharedTimedBursts = "shared: a burst by time took a packet"
  case sharedBursts = "shared: a burst by packets took a packet"
  case sharedList = "shared: a list of models took a packet"
  case sharedRecording = "shared: a trace with a length took a packet"

  case outlivedTrace = "a device outlived a trace"

  // Paths (N2, N3).
  case jitterEverywhere = "jitter on all paths"
  case jitterBesideNone = "jitter on some paths, DATA of one session on both kinds"
  case queueDropsData = "the queue dropped multicast DATA"
  case queueDropsUnicastData = "the queue dropped unicast DATA"
  case queueDropsNotice = "the queue dropped a notice"
  case queueDropsAnswer = "the queue dropped an OACK to one device"

  // Ports, buffers, fragments (N10–N12).
  case segmentLost = "a segment lost a packet on its way down"
  case segmentLostUp = "a segment lost a packet on its way up"
  case segmentQueueDrops = "a segment's queue dropped a frame"
  case frameWaits = "a frame waited at a segment"
  case multicastRate = "a segment with another rate for the group sent to it"
  case linkDrops = "a link dropped a frame"
  case overrun = "a buffer had no room"
  case overrunData = "a buffer had no room for DATA of the group"
  case unread = "a device left something in its buffer"
  case fragmentLost = "a fragment was lost"

  // Silence (R9, R19): a passive device heard nothing for `group_timeout`.
  case silenceInSession = "a silence while a session ran"
  case silenceOutsideSession = "a silence while no session ran"
  case burst = "a burst outlasted group_timeout: DATA, all lost, and then the silence"
  case burstWithoutJitter = "such a burst on a path without jitter"
  case heardAfterSilence = "DATA of the group after a silence, still passive"

  // Coming and going (N7, N8, R16).
  case joinsInSession = "joined while a session ran, became passive and received of it"
  case joinsInCheck = "joined while a check or an election ran"
  case joinsAfterwards = "joined after a session when none waited, and drove one"
  case leavesJoining = "left while joining"
  case leavesPassive = "left while passive, in a session"
  case leavesActive = "left while active"
  case leavesSmart = "left while smart"
  case leavesComplete = "left when complete"

  // Windows (R4, R5).
  case window = "a window of several blocks"
  case earlyAsk = "an early ask"

  // Sessions and the check.
  case severalSessions = "several sessions"
  case abandoned = "an abandoned session (R8)"
  case abandonedReturns = "a word of the former active device after that"
  case activeRepeats = "the active device asked again (R6)"
  case repeatedBlocks = "blocks sent twice in a session"
  case askedByUnicast = "asked for a report by unicast (R15)"
  case reportRepeated = "a report was repeated (R10)"
  case reportDelayed = "a report was delayed (R10)"
  case elected = "an election among several (R15)"
  case passiveCompletes = "complete by a later session, as passive"
  case failed = "a device gave up"

  // Promotion (R12–R14).
  case queued = "queued for a smart place"
  case promotedFromQueue = "promoted from the queue"
  case placeFreed = "a smart place freed for silence (R13)"
  case smartRepeats = "a smart device asked again"
  case smartHearsGroup = "a smart device got a missing block from the group"
  case smartInSession = "smart while a session sent DATA"
  case smartIsDeaf = "such a device did not listen"

  // PXE (R17–R20).
  case pxeSession = "MTFTP: a session ended"
  case pxeSmart = "MTFTP: a device promoted itself"
  case pxeReopens = "MTFTP: a device opened again after a check (R20)"
  case pxeRepeats = "MTFTP: the active device repeated its ACK"

  // What a scenario may add (N4, R22–R24).
  case enteredPassive = "a device began to listen some time after its OACK (N4)"
  case enteredActive = "a device began to drive some time after its OACK (N4)"
  case startByCount = "the first session began when enough devices were there (R22)"
  case startInTime = "the first session began in time (R22)"
  case startNever = "the run ended while devices waited for the first session (R22)"
  case startPXE = "MTFTP: the first session waited for devices (R22)"
  case silenceBeforeStart = "a silence while the first session waited for devices (R22)"
  case handedOver = "a session was handed over (R23)"
  case handedOverInWindows = "a session of larger windows was handed over"
  case handedOverBySeveral = "sessions of several devices were handed over"
  case handedOverTwice = "two sessions of one device were handed over"
  case handedOverUnheard = "a device that handed its session over never heard of it, and failed"
  case timeoutGrows = "a request was repeated with a longer timeout (R24)"
  case timeoutPutBack = "a block put the active device's timeout back (R24)"
  case timeoutPutBackBySmart = "a block put a smart device's timeout back (R24)"

  // Who does not speak of promotion (R14).
  case plainDrives = "a device without the option drove beside some that have it"
  case plainAnswers = "a device that does not report answered its election with ACK(n)"
  case plainAsks = "a device that does not report sent its request in a silence"
  case plainReturns = "a device that does not report drove by the answer to that"
  case plainEnds = "a device that does not report ended its transfer in a silence"
  case plainIsNotActive = "a device that does not report heard that it is not active"
  case plainFails = "a device that does not report gave up when nobody answered"
  case plainServer = "a server without the option elected a device that has it"
  case plainBesideSmart = "a smart device beside devices without the option"
  case plainPXE = "MTFTP: a device opened again that never promotes itself"

  // Limits: they ended the run in the middle of something.
  case timeLimitInSession = "the time limit in a session"
  case timeLimitElsewhere = "the time limit outside a session"
  case eventLimitInSession = "the event limit in a session"
  case eventLimitElsewhere = "the event limit outside a session"

  // What the delivery by runs does by itself.
  case roundsSkipped = "rounds of lock-step skipped"
  case roundsSkippedInWindows = "rounds of larger windows skipped"
  case roundsSkippedLater = "rounds skipped in a later session"
  case roundsSkippedUntilLimit = "rounds skipped in a run that a limit ended in its session"
  case roundsSkippedAndSampled = "rounds skipped in a run with a timeline"
  case roundsSkippedAndLeft = "rounds skipped in a run that somebody left"
  case roundsSkippedAndJoined = "rounds skipped in a run that somebody joined late"
  case roundsSkippedAndSharedLoss = "rounds skipped in a run with shared loss"
  case roundsSkippedAndClock = "rounds skipped in a run in which loss by time took a packet"
  case roundsSkippedAndHandedOver = "rounds skipped in a run with a session that was handed over"
  case roundsSkippedAndSilence = "rounds skipped in a run with a silence in a session"
  case roundsSkippedAtPorts = "rounds skipped that pass ports below the uplink"
  case roundsSkippedAtLinks = "rounds skipped that pass links"
  case roundsSkippedAtBuffer = "rounds skipped whose active device has a buffer"
  case roundsSkippedInFragments = "rounds of several frames a packet skipped"

  static func < (left: Self, right: Self) -> Bool {
    allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
  }
}
