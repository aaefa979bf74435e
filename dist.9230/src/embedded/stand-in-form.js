// Stripe's API takes forms with nested names (`metadata[ride_id]=…`); this reads them into plain data.
/** Without a prototype, so that a field called `__proto__` is only a field. */ const empty = ()=>Object.create(null);
export function readForm(text) {
    const form = empty();
    for (const [name, value] of new URLSearchParams(text))write(form, name.replaceAll(']', '').split('['), value);
    return form;
}
function write(form, path, value) {
    const [name = '', ...rest] = path;
    if (rest.length === 0) {
        form[name] = value;
        return;
    }
    const known = form[name];
    const inner = typeof known === 'object' ? known : empty();
    form[name] = inner;
    write(inner, rest, value);
}
export const textIn = (form, name)=>{
    const value = form[name];
    return typeof value === 'string' && value !== '' ? value : null;
};
/** A map of texts, as `metadata` is; lists come as maps with the index as name. */ export const mapIn = (form, name)=>{
    const value = form[name];
    if (typeof value !== 'object') return {};
    return Object.fromEntries(Object.entries(value).filter((entry)=>typeof entry[1] === 'string'));
};

//# sourceMappingURL=stand-in-form.js.map
