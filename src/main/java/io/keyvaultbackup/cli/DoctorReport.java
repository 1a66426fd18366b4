package io.keyvaultbackup.cli;

import io.keyvaultbackup.examination.Doctor;

/** Prints what the doctor finds, and its last word. */
interface DoctorReport extends Doctor.Listener {

    void ended(ExitCode code);
}
