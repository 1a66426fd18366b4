package io.keyvaultbackup.examination;

import java.util.List;

/** Examines one part of the surroundings. Tells of failures as findings, and throws none. */
public interface Examination {

    /** What is examined, as people name it: {@code identity}, {@code store /var/backups}. */
    String subject();

    List<Finding> examine();

    /** Where it is of several things, the examinations of each; else itself. */
    default List<Examination> parts() {
        return List.of(this);
    }
}
