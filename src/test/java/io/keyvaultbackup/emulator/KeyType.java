package io.keyvaultbackup.emulator;

/** The types of key that differ in price, with what one call costs in units of the vault's limit. */
public enum KeyType {
    RSA_2048("RSA", 2048, 1, 200),
    RSA_3072("RSA", 3072, 4, 200),
    RSA_4096("RSA", 4096, 8, 200),
    EC("EC", 256, 1, 200),
    RSA_2048_HSM("RSA-HSM", 2048, 2, 400),
    RSA_3072_HSM("RSA-HSM", 3072, 8, 400),
    RSA_4096_HSM("RSA-HSM", 4096, 16, 400),
    EC_HSM("EC-HSM", 256, 2, 400);

    private final String typeName;
    private final int bits;
    private final int cost;
    private final int creationCost;

    KeyType(String typeName, int bits, int cost, int creationCost) {
        this.typeName = typeName;
        this.bits = bits;
        this.cost = cost;
        this.creationCost = creationCost;
    }

    /** The service's {@code kty}. */
    public String typeName() {
        return typeName;
    }

    public int bits() {
        return bits;
    }

    public boolean rsa() {
        return typeName.startsWith("RSA");
    }

    /** What a call on such a key costs; all but creation. */
    public int cost() {
        return cost;
    }

    /** What making such a key costs: 4,000 units allow 20, or 10 with a hardware module. */
    public int creationCost() {
        return creationCost;
    }

    static KeyType of(String typeName, int bits) {
        for (KeyType type : values()) {
            if (type.typeName.equals(typeName) && (!type.rsa() || type.bits == bits)) {
                return type;
            }
        }
        throw new ServiceException(ServiceError.badParameter("Key type or size is not supported."));
    }
}
