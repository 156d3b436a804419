"""What octocrab says that it calls, read from its code: the types of fields, what types are written as, the requests."""
import re,glob,itertools
VERBS='get|post|put|patch|delete|head'
HOLE='{}'

def code_of(text):
    # without comments and tests, every line where it was
    out=re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)\'|//[^\n]*|/\*.*?\*/',lambda m: m[0] if m[0][0] in '"\'' else re.sub(r'[^\n]',' ',m[0]),text,flags=re.S)
    at=re.search(r'^#\[cfg\(test\)\]\s*\n(?:#\[[^\n]*\n)*mod ',out,re.M)
    return out[:at.start()] if at else out

def skip_text(code,i):
    m=re.compile(r'r?"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)\'',re.S).match(code,i)
    return m.end() if m else None

def close(code,i):
    # behind the bracket that closes the one at i
    depth=0
    while i<len(code):
        j=skip_text(code,i)
        if j: i=j; continue
        if code[i] in '([{': depth+=1
        elif code[i] in ')]}':
            depth-=1
            if depth==0: return i+1
        i+=1
    return len(code)

def split(code,at=','):
    out=[]; start=i=0
    while i<len(code):
        j=skip_text(code,i)
        if j: i=j; continue
        if code[i] in '([{': i=close(code,i); continue
        if code[i]==at: out.append(code[start:i]); start=i+1
        i+=1
    return [x.strip() for x in out+[code[start:]] if x.strip()]

def types_in(t):
    # the name of a type, without references, lifetimes and what only wraps it
    t=re.sub(r"&|\bmut\b|'\w+|\bdyn\b|\bimpl\b",'',t).strip()
    m=re.match(r'(?:\w+::)*(Option|Box|Arc|Into|AsRef)\s*<(.*)>$',t,re.S)
    if m: return types_in(m[2])
    m=re.match(r'(?:\w+::)*(\w+)',t)
    return m[1] if m else ''

class Function:
    def __init__(self,file,owner,trait,name,params,body,at,end,code):
        self.file,self.owner,self.trait,self.name,self.body,self.at=file,owner,trait,name,body,at
        self.start=code.count('\n',0,at)+1; self.end=code.count('\n',0,end)+1
        self.params=[]; self.types={}
        for p in split(params):
            m=re.match(r'(?:mut )?(\w+)\s*:\s*(.*)',p,re.S)
            if m: self.params.append(m[1]); self.types[m[1]]=types_in(m[2])
    def span(self): return (self.file,self.start,self.end)

class Crate:
    def __init__(self,root):
        self.fields={}; self.functions=[]; self.consts={}; self.fields_given={}; self.files={}
        for path in sorted(glob.glob(root+'/src/**/*.rs',recursive=True)):
            file=path[len(root)+1:]; code=code_of(open(path).read())
            for m in re.finditer(r'\bstruct (\w+)\s*(?:<[^{;(]*?>)?\s*(?:where[^{;]*)?\{',code):
                inside=code[m.end():close(code,m.end()-1)-1]
                for f in re.finditer(r'^\s*(?:pub(?:\([^)]*\))? )?(?:r#)?(\w+)\s*:\s*([^\n]*?),?$',inside,re.M):
                    self.fields.setdefault((file,m[1]),{})[f[1]]=types_in(f[2])
            for m in re.finditer(r'\bconst (\w+)\s*:\s*&[^=]*str\s*=\s*"([^"]*)"',code): self.consts.setdefault(m[1],set()).add(m[2])
            blocks=[]
            for m in re.finditer(r'^[ \t]*impl\b([^{;]*)\{',code,re.M):
                head=re.sub(r'\bwhere\b.*','',m[1],flags=re.S); depth=0; i=0
                head=head.strip()
                if head.startswith('<'):
                    for i,c in enumerate(head):
                        depth+=(c=='<')-(c=='>' and head[i-1]!='-')
                        if depth==0: break
                    head=head[i+1:]
                trait,_,owner=head.rpartition(' for ')
                blocks.append((m.end()-1,close(code,m.end()-1),types_in(owner),types_in(trait) if trait else ''))
            for m in re.finditer(r'\bfn (\w+)',code):
                i=m.end()
                if i<len(code) and code[i]=='<':
                    depth=0
                    while True:
                        depth+=(code[i]=='<')-(code[i]=='>' and code[i-1]!='-'); i+=1
                        if depth==0: break
                if code[i]!='(': continue
                j=close(code,i); k=j
                while k<len(code) and code[k] not in '{;': k+=1
                if k>=len(code) or code[k]==';': continue
                end=close(code,k); home=[b for b in blocks if b[0]<m.start()<b[1]]
                owner,trait=(home[-1][2],home[-1][3]) if home else ('','')
                self.functions.append(Function(file,owner,trait,m[1],code[i+1:j-1],code[k+1:end-1],m.start(),end,code))
    def field(self,file,owner,name):
        # of the type of that name in the same file, else of the only one of that name
        own=self.fields.get((file,owner))
        if own is None:
            all_=[v for (f,o),v in self.fields.items() if o==owner]
            own=all_[0] if len(all_)==1 else next((v for v in all_ if name in v),{})
        return own.get(name,'')
    def method(self,owner,name,trait=None,file=None):
        found=[f for f in self.functions if f.owner==owner and f.name==name and (trait is None or f.trait==trait)]
        return next((f for f in found if f.file==file),found[0] if found else None)
    def type_of(self,e,fn):
        # of `self.a.b` and of parameters
        e=re.sub(r'\.(clone|as_ref|to_owned)\(\)|&|\s','',e)
        parts=e.split('.')
        if not all(re.fullmatch(r'\w+',p) for p in parts): return ''
        t=fn.owner if parts[0]=='self' else fn.types.get(parts[0],'')
        file=fn.file
        for p in parts[1:]: t=self.field(file,t,p)
        return t
    def tails(self,body):
        # the expressions that a block ends in, with what is returned early
        parts=split(body,';')
        return [parts[-1]] if parts else []
    def texts(self,e,fn,local,deep=0):
        """All texts that an expression may be, `{}` for what is not known; None where it is no text at all."""
        e=e.strip().lstrip('&').strip()
        if deep>12: return None
        again=lambda x,l=local: self.texts(x,fn,l,deep+1)
        m=re.fullmatch(r'(.*?)\s*\.(?:into|to_string|as_str|as_ref|clone|to_owned|unwrap|try_into|context)\((?:\w*)\)\??',e,re.S)
        if m and m[1]: return again(m[1])
        m=re.fullmatch(r'"((?:[^"\\]|\\.)*)"',e,re.S)
        if m: return {m[1]}
        m=re.match(r'(?:String::from|Uri::from_str|Cow::from|Some|Ok)\(',e)
        if m and close(e,m.end()-1)>=len(e.rstrip('?')): return again(e[m.end():close(e,m.end()-1)-1])
        m=re.match(r'(?:[\w.\s]+\.)?\s*(?:parameterized_uri|absolute_url)\(|Uri::builder\(\)\s*\.path_and_query\(',e)
        if m: return again(split(e[m.end():close(e,m.end()-1)-1])[0])
        if e.startswith('format!(') and close(e,7)>=len(e):
            args=split(e[8:-1]); return self.formatted(args,again,fn,local,deep)
        m=re.match(r'[\w.\s()]*\.map\(\s*\|\w+\|\s*',e)
        if m and '.unwrap_or(' in e:
            i=e.rindex('(',0,m.end()); inside=e[m.end():close(e,i)-1].strip(); rest=e[e.index('.unwrap_or(')+11:]
            some=self.block(inside[1:-1],fn,local,deep) if inside.startswith('{') else again(inside)
            return (some or {HOLE})|(again(rest[:close('('+rest,0)-2]) or {HOLE})
        m=re.match(r'match\b',e)
        if m:
            i=e.find('{')
            while i>=0 and skip_text(e,i): i=e.find('{',i+1)
            out=set(); inside=e[i+1:close(e,i)-1]
            for arm in self.arms(inside):
                got=again(arm) if not arm.startswith('{') else self.block(arm[1:-1],fn,local,deep)
                out|=got or {HOLE}
            return out
        m=re.match(r'if\b',e)
        if m:
            out=set(); i=0
            while True:
                i=e.find('{',i)
                if i<0: break
                j=close(e,i); out|=self.block(e[i+1:j-1],fn,local,deep) or {HOLE}; i=j
            return out
        m=re.fullmatch(r'\w+::(\w+)',e)
        if m and m[1] in self.consts: return self.consts[m[1]]
        if re.fullmatch(r'\w+',e):
            if e in local: return local[e]
            t=fn.types.get(e)
            shown=self.shown(t,deep) if t else None
            return shown or ({'{param:%s}'%e} if t else None)
        m=re.fullmatch(r'((?:self|\w+)(?:\s*\.\s*\w+)*)\s*\.\s*(\w+)\(\)',e)
        if m:
            t=self.type_of(m[1],fn); f=self.method(t,m[2],file=fn.file) if t else None
            return self.block(f.body,f,{},deep+1) if f and f is not fn else None
        m=re.fullmatch(r'\w+(?:\s*\.\s*\w+)+',e)
        if m:
            t=self.type_of(e,fn); shown=self.shown(t,deep)
            if shown: return shown
            parts=re.sub(r'\s','',e).split('.')
            return {'{field:%s}'%parts[1]} if len(parts)==2 else {HOLE}
        return None
    def arms(self,inside):
        out=[]; i=0
        while True:
            m=None; depth=0; k=i
            while k<len(inside):
                j=skip_text(inside,k)
                if j: k=j; continue
                if inside[k] in '([{': k=close(inside,k); continue
                if inside.startswith('=>',k): m=k; break
                k+=1
            if m is None: return out
            k=m+2
            while k<len(inside) and inside[k].isspace(): k+=1
            if inside.startswith('{',k): j=close(inside,k); out.append(inside[k:j]); i=j
            else:
                rest=split(inside[k:]); out.append(rest[0] if rest else ''); i=k+len(rest[0])+1 if rest else len(inside)
    def shown(self,owner,deep=0):
        # what a type is written as, if its Display is written out here
        f=self.method(owner,'fmt','Display')
        if not f or deep>8: return None
        out=set()
        for m in re.finditer(r'\b(write!|write_str)\(',f.body):
            args=split(f.body[m.end():close(f.body,m.end()-1)-1])
            if m[1]=='write_str': out|=self.texts(args[0],f,{},deep+1) or {HOLE}
            else: out|=self.formatted(args[1:],lambda x: self.texts(x,f,{},deep+1),f,{},deep)
        return {re.sub(r'\{\w+:\w+\}',HOLE,t) for t in out} if any(t!=HOLE for t in out) and len(out)<=4 else {HOLE} if out else None
    def formatted(self,args,again,fn,local,deep):
        lit=re.fullmatch(r'"((?:[^"\\]|\\.)*)"',args[0],re.S) if args else None
        if not lit: return {HOLE}
        named={}; positional=[]
        for a in args[1:]:
            m=re.match(r'(\w+)\s*=(?!=)\s*(.*)',a,re.S)
            if m: named[m[1]]=m[2]
            else: positional.append(a)
        given=iter(positional); pieces=[[]]; out=[{''}]
        text=re.sub(r'\\\n\s*','',lit[1])
        for literal,hole in re.findall(r'([^{]+)|\{([^{}]*)\}',text):
            if literal: out.append({literal}); continue
            name=hole.split(':')[0]
            e=named.get(name,name) if name and not name.isdigit() else positional[int(name)] if name else next(given,'')
            # inside a text, a parameter is a hole; a field may be given a text
            out.append({re.sub(r'\{param:\w+\}',HOLE,t) for t in again(e) or {HOLE}})
        return {''.join(c) for c in itertools.islice(itertools.product(*out),64)}
    def locals_of(self,body,fn,given,deep):
        local=dict(given)
        for m in re.finditer(r'\blet (?:mut )?(\w+)\s*(?::[^=;]*)?=(?!=)\s*',body):
            e=split(body[m.end():],';'); e=e[0] if e else ''
            if re.match(r'self(\s*\.\s*\w+)+$',e) and m[1] not in fn.types: fn.types[m[1]]=self.type_of(e,fn); continue
            got=self.texts(e,fn,local,deep+1)
            if got: local[m[1]]=local.get(m[1],set())|got if m[1] in local and m[1] not in given else got
        return local
    def block(self,body,fn,given,deep):
        local=self.locals_of(body,fn,given,deep); out=set()
        for e in self.tails(body): out|=self.texts(e,fn,local,deep+1) or set()
        return out
    def requests(self,fn):
        """(method, texts) of the requests in a function."""
        body=fn.body; local=self.locals_of(body,fn,{},0)
        for m in re.finditer(r'\b(?:crab|octocrab)\s*\.\s*_?('+VERBS+r')(?:_with_headers)?\s*(?:::<[^()]*?>)?\(',body):
            args=split(body[m.end():close(body,m.end()-1)-1])
            if args: yield m[1].upper(),self.texts(args[0],fn,local) or set()
        if re.search(r'\bbuild_request\(|\bexecute\(',body):
            uris=list(re.finditer(r'\.uri\(',body)); methods=re.findall(r'\.method\(\s*(?:\w+::)*"?(GET|POST|PUT|PATCH|DELETE)"?',body)
            for u,v in zip(uris,methods):
                e=split(body[u.end():close(body,u.end()-1)-1])[0]
                yield v,self.texts(e,fn,local) or set()
    def calls_of(self,owner,name):
        """(function, arguments) of the calls `Owner::name(..)`, `Self::name(..)`, and of the method of an object of that type."""
        for fn in self.functions:
            for m in re.finditer(r'\b(self(?:\s*\.\s*\w+)*?|\w+)\s*\.\s*'+name+r'(?:::<[^()]*?>)?\(',fn.body):
                if owner and self.type_of(m[1],fn)==owner: yield fn,split(fn.body[m.end():close(fn.body,m.end()-1)-1])
            for m in re.finditer(r'\b(?:\w+::)*(\w+)(?:::<[^()]*?>)?::'+name+r'\(',fn.body):
                if (fn.owner if m[1]=='Self' else m[1])==owner: yield fn,split(fn.body[m.end():close(fn.body,m.end()-1)-1])
    def given(self,owner,field,deep=0):
        key=(owner,field)
        if key not in self.fields_given:
            self.fields_given[key]=[]; self.fields_given[key]=list(dict.fromkeys(self.read_given(owner,field,deep)))
        return self.fields_given[key]
    def read_given(self,owner,field,deep):
        """(function, texts) of what the field is given where an object of the type is made by its constructors."""
        for f in [f for f in self.functions if f.owner==owner and not f.trait]:
            for m in re.finditer(r'\b(?:Self|'+owner+r')\s*\{',f.body):
                for part in split(f.body[m.end():close(f.body,m.end()-1)-1]):
                    k,_,e=part.partition(':'); e=(e or k).strip()
                    if k.strip()!=field: continue
                    for t in self.texts(e,f,self.locals_of(f.body,f,{},0)) or set(): yield from self.lifted(f,t,deep)
    def lifted(self,fn,text,deep=0):
        """(function, text) where the text is known: itself, or with its callers."""
        m=re.fullmatch(r'\{(param|field):(\w+)\}',text)
        if not m:
            # a text with a field in it: what the field is given, if that is a text anywhere
            m=re.search(r'\{field:(\w+)\}',text)
            known={t for _,t in self.given(fn.owner,m[1],deep+1) if t!=HOLE and '{param' not in t} if m and deep<3 else ()
            for t in known: yield from self.lifted(fn,text.replace(m[0],re.sub(r'\{\w+:\w+\}',HOLE,t),1),deep+1)
            if not known: yield from [(fn,text)] if not m else self.lifted(fn,text.replace(m[0],HOLE,1),deep)
            return
        if deep>5: return
        if m[1]=='field':
            yield from self.given(fn.owner,m[2],deep+1); return
        at=fn.params.index(m[2])
        for caller,args in self.calls_of(fn.owner,fn.name):
            if at>=len(args): continue
            for t in self.texts(args[at],caller,self.locals_of(caller.body,caller,{},0)) or set(): yield from self.lifted(caller,t,deep+1)

def truth(root):
    """{(file, first line, last line, method, path): other places}: where a path stands, and where its request does."""
    crate=Crate(root); out={}
    for fn in crate.functions:
        # the client's own `get`, `post`: their callers say it
        if fn.file=='src/lib.rs' and re.match('_?(%s)'%VERBS,fn.name): continue
        for verb,texts in crate.requests(fn):
            for text in texts:
                for home,t in crate.lifted(fn,text):
                    t=re.sub(r'\{\w+:\w+\}',HOLE,t.split('?')[0])
                    if t.strip('/') and not t.startswith('http'):
                        places=out.setdefault(home.span()+(verb,'/'+t.strip('/')),set())
                        if fn is not home: places.add(fn.span())
    return out
if __name__=='__main__':
    import sys
    for t in sorted(truth(sys.argv[1]).items()): print(*t[0],*t[1])
