package io.keyvaultbackup.notification;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** Sends mail, each in a connection of its own. Nothing of this is loaded where no mail server is configured. */
final class MailWay implements Way {

    private static final String CONNECT = "5000";
    private static final String ANSWER = "10000";
    private static final int MOST_WORDS = 200;

    /** What the library says of a server that greets with 421, or breaks the connection (-1); it has no code of its own. */
    private static final Pattern BUSY = Pattern.compile(", response: (4\\d\\d|-1)");

    private final MailProperties properties;
    private final Session session;
    private final InstantSource clock;

    /** @param trust whom to believe that it is the server */
    MailWay(MailProperties properties, SSLContext trust, InstantSource clock) {
        this.properties = properties;
        this.clock = clock;
        this.session = Session.getInstance(settings(properties, trust));
    }

    private static Properties settings(MailProperties properties, SSLContext trust) {
        Properties settings = new Properties();
        settings.put("mail.transport.protocol", "smtp");
        settings.put("mail.smtp.host", Objects.requireNonNull(properties.host()));
        settings.put("mail.smtp.port", String.valueOf(properties.portOrUsual()));
        settings.put("mail.smtp.connectiontimeout", CONNECT);
        settings.put("mail.smtp.timeout", ANSWER);
        settings.put("mail.smtp.writetimeout", ANSWER);
        settings.put("mail.smtp.sendpartial", "true"); // one address that is gone keeps nobody else from it
        settings.put("mail.smtp.auth", String.valueOf(properties.username() != null));
        settings.put("mail.smtp.ssl.checkserveridentity", "true");
        settings.put("mail.smtp.ssl.socketFactory", trust.getSocketFactory());
        switch (properties.encryption()) {
            case STARTTLS -> {
                settings.put("mail.smtp.starttls.enable", "true");
                settings.put("mail.smtp.starttls.required", "true");
            }
            case TLS -> settings.put("mail.smtp.ssl.enable", "true");
            case NONE -> {}
        }
        return settings;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public String format() {
        return "mail";
    }

    @Override
    public Wanted wanted() {
        return properties.wanted();
    }

    @Override
    public void send(Message message) throws NotSentException {
        try {
            MimeMessage mail = new MimeMessage(session);
            mail.setFrom(new InternetAddress(properties.from()));
            for (String address : properties.to()) {
                mail.addRecipient(RecipientType.TO, new InternetAddress(address));
            }
            mail.setSubject(oneLine("[keyvault-backup] " + message.title()), StandardCharsets.UTF_8.name());
            mail.setText(message.text(), StandardCharsets.UTF_8.name());
            mail.setSentDate(Date.from(clock.instant()));
            mail.setHeader("Auto-Submitted", "auto-generated"); // so that nobody's absence is answered
            if (properties.username() == null) {
                Transport.send(mail);
            } else {
                Transport.send(mail, properties.username(), properties.password());
            }
        } catch (MessagingException failed) {
            List<String> refused = refused(failed);
            if (!refused.isEmpty()) {
                throw NotSentException.toAll(
                        properties.host() + " did not take it for " + String.join(", ", refused) + ": " + why(failed));
            }
            throw new NotSentException(properties.host() + " did not take it: " + why(failed), mayPass(failed), null);
        }
    }

    /** Who did not get what others got; empty if nobody got it. It is not tried again, since the others would get it twice. */
    private static List<String> refused(MessagingException failed) {
        if (!(failed instanceof SendFailedException some)
                || some.getValidSentAddresses() == null
                || some.getValidSentAddresses().length == 0) {
            return List.of();
        }
        return Stream.of(some.getInvalidAddresses(), some.getValidUnsentAddresses())
                .filter(Objects::nonNull)
                .flatMap(Stream::of)
                .map(address -> oneLine(address.toString()))
                .toList();
    }

    /** A header can't be made two. */
    static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** The innermost says most. */
    private static String why(Exception failed) {
        Exception cause = failed;
        while (next(cause) instanceof Exception deeper) {
            cause = deeper;
        }
        String words = oneLine(String.valueOf(cause.getMessage())).strip();
        return words.length() <= MOST_WORDS ? words : words.substring(0, MOST_WORDS) + "…";
    }

    private static @Nullable Throwable next(Exception failed) {
        return failed instanceof MessagingException mail ? mail.getNextException() : failed.getCause();
    }

    /** What the server says with 4xx, and a connection that breaks, may be better soon. */
    private static boolean mayPass(MessagingException failed) {
        for (Throwable cause = failed; cause instanceof Exception one; cause = next(one)) {
            switch (one) {
                case AuthenticationFailedException refused -> {
                    return String.valueOf(refused.getMessage()).startsWith("4"); // the server's own answer
                }
                case SMTPAddressFailedException refused -> {
                    return isForNow(refused.getReturnCode());
                }
                case SMTPSenderFailedException refused -> {
                    return isForNow(refused.getReturnCode());
                }
                case SMTPSendFailedException refused -> {
                    return isForNow(refused.getReturnCode());
                }
                case IOException _ -> {
                    return true;
                }
                default -> {
                    if (BUSY.matcher(String.valueOf(one.getMessage())).find()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** -1 is no answer: the connection broke. */
    private static boolean isForNow(int code) {
        return code == -1 || code / 100 == 4;
    }
}
