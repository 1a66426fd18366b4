package io.keyvaultbackup.dashboard.openapi;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.dashboard.access.Person;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.lang.annotation.Annotation;
import java.util.List;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.discoverer.SpringDocParameterNameDiscoverer;
import org.springdoc.core.extractor.MethodParameterPojoExtractor;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.service.GenericParameterService;
import org.springdoc.core.service.RequestBodyService;
import org.springdoc.core.utils.SpringDocUtils;
import org.springdoc.webmvc.core.configuration.MultipleOpenApiSupportConfiguration;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springdoc.webmvc.core.service.RequestService;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodParameter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.JsonNode;

/** Springdoc's parts, in a program that has none: at {@link #PATH} it tells what is mapped. */
@TestConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    SpringDocConfiguration.class,
    SpringDocConfigProperties.class,
    SpringDocWebMvcConfiguration.class,
    MultipleOpenApiSupportConfiguration.class
})
class DescribedBySpringdoc {

    static final String PATH = "/springdoc";

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Person.class);
        SpringDocUtils.getConfig().replaceWithSchema(JsonNode.class, new ObjectSchema()); // described by hand
        SpringDocUtils.getConfig().replaceWithSchema(SseEmitter.class, new StringSchema());
    }

    /** Adds it to a program; what describes the API is not of it. */
    static Bench set(Bench bench) {
        return bench.with(DescribedBySpringdoc.class)
                .set("springdoc.api-docs.path", PATH)
                .set("springdoc.api-docs.version", "openapi_3_1")
                .set("springdoc.paths-to-match", "/api/**")
                .set("springdoc.paths-to-exclude", "/api/v1/openapi.json")
                .set("springdoc.use-fqn", "true")
                .set("springdoc.override-with-generic-response", "false")
                .set("springdoc.default-produces-media-type", "application/json");
    }

    /** Hibernate Validator's annotations are looked for by name, and it is not here, as it is not in the program. */
    @Bean
    RequestService requestsWithoutAValidator(
            GenericParameterService parameters,
            RequestBodyService bodies,
            SpringDocCustomizers customizers,
            SpringDocParameterNameDiscoverer names,
            MethodParameterPojoExtractor extractor) {
        return new RequestService(parameters, bodies, customizers, names, extractor) {
            @Override
            public void applyBeanValidatorAnnotations(
                    MethodParameter argument,
                    Parameter parameter,
                    List<Annotation> annotations,
                    boolean isParameterObject,
                    String prefix) {}

            @Override
            public void applyBeanValidatorAnnotations(
                    RequestBody body, List<Annotation> annotations, boolean isOptional) {}
        };
    }
}
