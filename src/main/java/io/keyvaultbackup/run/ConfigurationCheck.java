package io.keyvaultbackup.run;

import java.util.List;

/** Finds what is wrong with a part of the configuration, before anything is opened, called or written. A bean of whoever reads that part. */
@FunctionalInterface
public interface ConfigurationCheck {

    /** In sentences for people, each with the property's name and an example; empty if nothing is wrong. */
    List<String> problems();
}
