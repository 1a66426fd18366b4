package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.People;
import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.NotAskedException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What all pages have: links to what whoever looks may see, and a page in place of what is not asked for. */
@ControllerAdvice(basePackageClasses = Surroundings.class)
final class Surroundings {

    private final People people;

    Surroundings(People people) {
        this.people = people;
    }

    /** Nobody is known where a page says that there is none. */
    @ModelAttribute("mayAudit")
    boolean mayAudit() {
        return people.known().filter(Person::isOperator).isPresent();
    }

    @ExceptionHandler
    ModelAndView notAsked(NotAskedException refused) {
        ModelAndView page = ErrorPages.page(refused.status(), new ErrorPages.Words(refused.what(), refused.advice()));
        page.addObject("mayAudit", mayAudit());
        page.addObject("requests", true);
        return page;
    }
}
