"""The page “Arena”: two to four networks in lockstep on one task, sweeps over its difficulty, verdicts."""
