package io.keyvaultbackup.kubernetes;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.util.Yaml;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads manifests into the classes that were made of Kubernetes' own description of its interface. Those refuse fields that they do not
 * have, but take some values for others (a word for no boolean is none, a number is taken for text), where a cluster refuses. So each object is
 * written out again, and must have kept everything as it was.
 */
final class StrictYaml {

    private StrictYaml() {}

    static List<Object> read(String yaml) throws IOException {
        List<Object> read = new ArrayList<>();
        for (Object document : plain().loadAll(yaml)) {
            Object object = Yaml.load(plain().dump(document));
            if (!(object instanceof KubernetesObject)
                    || !object.getClass().getName().startsWith("io.kubernetes.client.openapi.models.")) {
                throw new IllegalArgumentException("no kind that is known: " + document);
            }
            compare(object.getClass().getSimpleName(), document, plain().load(Yaml.dump(object)));
            read.add(object);
        }
        return List.copyOf(read);
    }

    private static org.yaml.snakeyaml.Yaml plain() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new org.yaml.snakeyaml.Yaml(new SafeConstructor(options));
    }

    private static void compare(String where, Object given, Object kept) {
        if (given instanceof Map<?, ?> fields && kept instanceof Map<?, ?> others) {
            fields.forEach((name, value) -> compare(where + "." + name, value, others.get(name)));
        } else if (given instanceof List<?> items && kept instanceof List<?> others && items.size() == others.size()) {
            for (int index = 0; index < items.size(); index++) {
                compare(where + "[" + index + "]", items.get(index), others.get(index));
            }
        } else {
            // kubectl breaks what is in Secrets into lines
            Object expected =
                    where.startsWith("V1Secret.data.") ? given.toString().replaceAll("\\s", "") : given;
            if (!expected.equals(kept)) {
                throw new IllegalArgumentException(where + " is of a wrong type: " + given + ", read as " + kept);
            }
        }
    }
}
